import { isSignedBy, type NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { JsonObject } from '../../kernel/event-store.ts';

/** What a message is signed as: no signature of one kind is good for another. */
export type Kind =
  | 'enrol'
  | 'enrolled'
  | 'hello'
  | 'welcome'
  | 'taken'
  | 'feed'
  | 'cards'
  | 'next-key'
  | 'rotate'
  | 'certified'
  | 'retire'
  | 'retired'
  | 'next-headquarters-key'
  | 'headquarters-key';

type Signed = { readonly signature: string };

const bytesOf = (kind: Kind, message: object): Uint8Array =>
  new TextEncoder().encode(`skypark/sync/${kind}/1\n${canonicalJson(message as JsonObject)}`);

/** The message with the signature over a tag of its kind and all of its fields in the one form of canonical JSON. */
export async function signed<Message extends object>(
  kind: Kind,
  message: Message,
  signer: NodeSigner,
): Promise<Message & Signed> {
  return { ...message, signature: await signer.sign(bytesOf(kind, message)) };
}

/** Whether all of a message was signed as its kind by the key with these 32 bytes (base64url). */
export async function isGenuine(kind: Kind, message: Signed, publicKey: string): Promise<boolean> {
  const { signature, ...rest } = message;
  return isSignedBy(publicKey, bytesOf(kind, rest), signature);
}
