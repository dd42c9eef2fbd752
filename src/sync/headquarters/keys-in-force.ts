import type { KeyOfNode, RegisteredNode } from '../../modules/nodes/contract.ts';
import { isGenuine, type Kind } from '../protocol/signing.ts';
import type { Session } from './session.ts';

/** The keys by which a node proves who it is, the newest first; two while it changes its key. */
export const keysInForce = ({ keys }: Pick<RegisteredNode, 'keys'>): readonly KeyOfNode[] =>
  keys.filter(({ until }) => until === null);

/** The key in force that has signed a message; null when none has. */
export async function signerOf(
  kind: Kind,
  message: { readonly signature: string },
  node: Pick<RegisteredNode, 'keys'> | null,
): Promise<KeyOfNode | null> {
  for (const key of node === null ? [] : keysInForce(node)) {
    if (await isGenuine(kind, message, key.publicKey)) return key;
  }
  return null;
}

/** Whether a node may still have what a session of it asks for: it is enrolled, and the key that began the session is in force. */
export const isTrusted = (node: RegisteredNode | null, { parkId, keyId }: Session): boolean =>
  node?.status === 'enrolled' && node.parkId === parkId && keysInForce(node).some((key) => key.keyId === keyId);
