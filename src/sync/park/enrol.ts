import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import type { PostPacked } from '../../infrastructure/outgoing-http/post-packed.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { KnownHeadquarters, PublishedKey } from '../../modules/nodes/contract.ts';
import { EnrolAnswer } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import { createAsk, proven } from './ask.ts';

export type Enrolling = {
  readonly code: string;
  readonly nodeId: string;
  readonly parkId: string;
  readonly incarnation: string;
  readonly admissionKeys: readonly Pick<PublishedKey, 'keyId' | 'x'>[];
  readonly signer: NodeSigner;
  readonly post: PostPacked;
  readonly secret: (bytes: number) => string;
};

const askEnrol = createAsk(EnrolAnswer);

/**
 * Shows a one-time code and this node's keys to headquarters.
 * @returns the headquarters to believe from now on, by the key that its answer is signed with; or why not, in words
 */
export async function enrolAt({
  signer,
  post,
  secret,
  ...facts
}: Enrolling): Promise<Result<KnownHeadquarters, { readonly reason: string }>> {
  const nonce = secret(16);
  const { keyId, publicKey } = signer;
  const request = await signed('enrol', { ...facts, keyId, publicKey, nonce }, signer);
  const asked = await askEnrol(post, '/enrol', request);
  // Nobody knows the key yet; that the answer is of whoever was asked is for TLS to prove.
  const told = asked.kind === 'answer' ? asked.answer.headquarters.publicKey : '';
  const answered = await proven(asked, { kind: 'enrolled', publicKey: told, nonce });
  if (answered.kind === 'failed') return refuse({ reason: answered.reason });
  if (answered.kind === 'refused') return refuse({ reason: answered.code });
  return ok({ ...answered.answer.headquarters, certificate: JSON.stringify(answered.answer) });
}
