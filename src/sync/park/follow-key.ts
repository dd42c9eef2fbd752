import { keyIdOf } from '../../infrastructure/keys/node-signer.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { endOfChain } from '../protocol/key-chain.ts';
import { HeadquartersKeyAnswer } from '../protocol/keys.ts';
import { createAsk, proven } from './ask.ts';
import type { ParkTools } from './ports.ts';

const askKey = createAsk(HeadquartersKeyAnswer);

/**
 * Headquarters, which answered by a key that is not known here, as it may be known from now on: by the key that the known one names
 * as its next, and so on. That key has signed the answer just now, so what others wrote down earlier proves nothing.
 * @returns null where it is not the headquarters that is known
 */
export async function followKey(
  { post, secret }: Pick<ParkTools, 'post' | 'secret'>,
  headquarters: KnownHeadquarters,
): Promise<KnownHeadquarters | null> {
  const nonce = secret(16);
  const asked = await askKey(post, '/headquarters-key', { nonce, publicKey: headquarters.publicKey });
  const end = asked.kind === 'answer' ? await endOfChain(headquarters, asked.answer.chain) : null;
  const keyId = end === null ? null : keyIdOf(end);
  if (end === null || keyId === null || end === headquarters.publicKey) return null;
  const answered = await proven(asked, { kind: 'headquarters-key', publicKey: end, nonce });
  return answered.kind === 'answer' ? { ...headquarters, keyId, publicKey: end } : null;
}
