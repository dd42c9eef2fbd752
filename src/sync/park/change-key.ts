import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { RetireAnswer, RotateAnswer } from '../protocol/keys.ts';
import { ChallengeAnswer } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import { createAsk, proven, type Asked } from './ask.ts';
import type { ParkTools } from './ports.ts';

const askChallenge = createAsk(ChallengeAnswer);
const askRotate = createAsk(RotateAnswer);
const askRetire = createAsk(RetireAnswer);

type Talking = Pick<ParkTools, 'nodeId' | 'post' | 'secret'> & {
  readonly headquarters: KnownHeadquarters;
  readonly signer: NodeSigner;
};

const reasonOf = <Answer>(asked: Exclude<Asked<Answer>, { readonly kind: 'answer' }>): string =>
  asked.kind === 'refused' ? asked.code : asked.reason;

/**
 * Has headquarters take another key of this node beside the one in force: both sign for it. Until the old one is retired
 * headquarters believes either, so that a crash at any moment leaves a node that can speak; it may be asked again.
 * @returns what to keep of headquarters from now on; or why not, in words
 */
export async function certifyKey(
  { nodeId, post, secret, headquarters, signer }: Talking,
  next: NodeSigner,
): Promise<Result<KnownHeadquarters, { readonly reason: string }>> {
  const challenged = await askChallenge(post, '/challenge', { nodeId });
  if (challenged.kind !== 'answer') return refuse({ reason: reasonOf(challenged) });
  const nonce = secret(16);
  const told = { nodeId, nonce, oldKeyId: signer.keyId, keyId: next.keyId, publicKey: next.publicKey };
  const { signature: proof } = await signed('next-key', told, next);
  const request = await signed('rotate', { ...told, challenge: challenged.answer.challenge, proof }, signer);
  const asked = await askRotate(post, '/rotate', request);
  const answered = await proven(asked, { kind: 'certified', publicKey: headquarters.publicKey, nonce });
  if (answered.kind !== 'answer') return refuse({ reason: reasonOf(answered) });
  return ok({ ...headquarters, certificate: JSON.stringify(answered.answer) });
}

/**
 * Ends the keys before this one that headquarters still believes: whatever they sealed stays good, and nothing that comes
 * after. To be called when nothing is sealed with them any more. What fails is done after a later hello.
 * @param inForce ids of the keys that headquarters believes, the newest first
 */
export async function retireOldKeys(
  { nodeId, log, post, secret, signer }: Pick<ParkTools, 'nodeId' | 'log' | 'post' | 'secret' | 'signer'>,
  headquarters: KnownHeadquarters,
  inForce: readonly string[],
): Promise<void> {
  const [newest, oldKeyId] = inForce;
  if (newest !== signer.keyId || oldKeyId === undefined) return;
  const challenged = await askChallenge(post, '/challenge', { nodeId });
  if (challenged.kind !== 'answer') return;
  // Seals wait for each other: whatever was being sealed with the old key is sealed when this one is.
  await log.seal(signer);
  const { incarnation } = await log.head();
  const sealed = await log.lastSealed();
  const until = { incarnation, seq: sealed?.incarnation === incarnation ? sealed.seq : 0 };
  const nonce = secret(16);
  const told = { nodeId, challenge: challenged.answer.challenge, nonce, keyId: signer.keyId, oldKeyId, until };
  const asked = await askRetire(post, '/retire', await signed('retire', told, signer));
  await proven(asked, { kind: 'retired', publicKey: headquarters.publicKey, nonce });
}
