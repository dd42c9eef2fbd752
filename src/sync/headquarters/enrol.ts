import { keyIdOf } from '../../infrastructure/keys/node-signer.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { EnrolAnswer, EnrolRequest, Message } from '../protocol/messages.ts';
import { isGenuine, signed } from '../protocol/signing.ts';
import type { HeadquartersTools } from './ports.ts';

export type Enrol = (
  request: Message<typeof EnrolRequest>,
  correlationId: string,
) => Promise<Result<Message<typeof EnrolAnswer>, { readonly code: 'code_invalid' | 'not_genuine' | 'park_has_node' }>>;

/** Makes a node known that shows a code, and proves to have the key that it names. */
export const createEnrol =
  ({ registry, signer, clock, nodeId: headquarters }: HeadquartersTools): Enrol =>
  async (request, correlationId) => {
    const { code, nodeId, parkId, keyId, publicKey, admissionKeys, incarnation, nonce } = request;
    const isOwn = keyIdOf(publicKey) === keyId && (await isGenuine('enrol', request, publicKey));
    if (!isOwn) return refuse({ code: 'not_genuine' });
    const key = { keyId, publicKey };
    const done = await registry.enrol({ code, nodeId, parkId, key, admissionKeys, incarnation }, correlationId);
    if (!done.ok) return refuse({ code: done.refusal.code === 'park_has_node' ? 'park_has_node' : 'code_invalid' });
    const own = await signer();
    const answer = {
      nonce,
      nodeId,
      parkId,
      ...key,
      headquarters: { nodeId: headquarters, keyId: own.keyId, publicKey: own.publicKey },
      enrolledAtMs: clock.now(),
    };
    return ok(await signed('enrolled', answer, own));
  };
