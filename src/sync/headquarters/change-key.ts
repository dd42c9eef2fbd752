import { keyIdOf } from '../../infrastructure/keys/node-signer.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import type { RetireAnswer, RetireRequest, RotateAnswer, RotateRequest } from '../protocol/keys.ts';
import type { Message } from '../protocol/messages.ts';
import { isGenuine, signed, type Kind } from '../protocol/signing.ts';
import { signerOf } from './keys-in-force.ts';
import type { HeadquartersTools } from './ports.ts';

type Answered<Answer> = Promise<Result<Answer, { readonly code: string }>>;

/** How a node changes its key. `not_genuine` is whoever cannot prove to have the keys that it needs. */
export type ChangeKey = {
  /** Takes a new key beside the one in force, which has signed for it. Told again it answers the same. */
  certify(request: Message<typeof RotateRequest>): Answered<Message<typeof RotateAnswer>>;
  /** Ends the key before the newest, which has signed for that. Told again it answers the same. */
  retire(request: Message<typeof RetireRequest>): Answered<Message<typeof RetireAnswer>>;
};

type Asking = { readonly nodeId: string; readonly challenge: string; readonly signature: string };

export function createChangeKey({ registry, sessions, signer, clock }: HeadquartersTools): ChangeKey {
  /**
   * The node that asks and the key that it asks by; null when it proves nothing. Without a challenge of ours, which costs next to
   * nothing to know again, no register is asked and no signature checked.
   */
  async function whoAsks(
    kind: Kind,
    request: Asking,
  ): Promise<{ readonly node: RegisteredNode; readonly keyId: string } | null> {
    if (!sessions.isChallenge(request.challenge, request.nodeId)) return null;
    const node = await registry.find(request.nodeId);
    if (node?.status !== 'enrolled') return null;
    const key = await signerOf(kind, request, node);
    return key === null ? null : { node, keyId: key.keyId };
  }

  return {
    async certify(request) {
      const { nodeId, nonce, oldKeyId, keyId, publicKey, proof } = request;
      const asking = await whoAsks('rotate', request);
      if (asking?.keyId !== oldKeyId || keyIdOf(publicKey) !== keyId) return refuse({ code: 'not_genuine' });
      const next = { nodeId, nonce, oldKeyId, keyId, publicKey, signature: proof };
      if (!(await isGenuine('next-key', next, publicKey))) return refuse({ code: 'not_genuine' });
      const done = await registry.certifyKey(nodeId, { oldKeyId, key: { keyId, publicKey } });
      if (!done.ok) return refuse(done.refusal);
      const { parkId } = asking.node;
      const answer = { nonce, nodeId, parkId, keyId, publicKey, oldKeyId, certifiedAtMs: clock.now() };
      return ok(await signed('certified', answer, await signer()));
    },
    async retire(request) {
      const { nodeId, nonce, oldKeyId, keyId, until: oldUntil } = request;
      const asking = await whoAsks('retire', request);
      if (asking?.keyId !== keyId) return refuse({ code: 'not_genuine' });
      const done = await registry.retireKey(nodeId, { oldKeyId, keyId, oldUntil });
      if (!done.ok) return refuse(done.refusal);
      return ok(await signed('retired', { nonce, oldKeyId }, await signer()));
    },
  };
}
