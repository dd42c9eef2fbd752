import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import type { KeyCertificate } from './keys.ts';
import { MOST_CERTIFICATES } from './limits.ts';
import type { Message } from './messages.ts';
import { isGenuine, signed } from './signing.ts';

export type Certificate = Message<typeof KeyCertificate>;

/** The old key says that the new one stands in its place. */
export const certifyNext = (
  { nodeId, certifiedAtMs }: Pick<Certificate, 'nodeId' | 'certifiedAtMs'>,
  old: NodeSigner,
  next: Pick<NodeSigner, 'publicKey'>,
): Promise<Certificate> => {
  const about = { nodeId, oldPublicKey: old.publicKey, publicKey: next.publicKey, certifiedAtMs };
  return signed('next-headquarters-key', about, old);
};

/** Adds one in place of what was said of the same new key before, in a try that was cut off. */
export const withCertificate = (certificates: readonly Certificate[], added: Certificate): readonly Certificate[] =>
  [...certificates.filter(({ publicKey }) => publicKey !== added.publicKey), added].slice(-MOST_CERTIFICATES);

/** The certificates that lead from one key to another, in order, whatever else there is; null where none do. */
export function chainBetween(
  certificates: readonly Certificate[],
  from: string,
  to: string,
): readonly Certificate[] | null {
  const chain: Certificate[] = [];
  // Backwards: a key may have said that of another one, too, that never came into force.
  for (let key = to; key !== from;) {
    const last = certificates.find(({ publicKey }) => publicKey === key);
    if (last === undefined || chain.length === MOST_CERTIFICATES) return null;
    chain.unshift(last);
    key = last.oldPublicKey;
  }
  return chain;
}

/** The key to which a chain leads from the one that is believed; null where a link is not by the key before it. */
export async function endOfChain(
  { nodeId, publicKey }: { readonly nodeId: string; readonly publicKey: string },
  chain: readonly Certificate[],
): Promise<string | null> {
  let believed = publicKey;
  for (const link of chain) {
    const isNext = link.nodeId === nodeId && link.oldPublicKey === believed;
    if (!isNext || !(await isGenuine('next-headquarters-key', link, believed))) return null;
    believed = link.publicKey;
  }
  return believed;
}
