import { randomUUID } from 'node:crypto';
import { systemIds } from '../../infrastructure/ids.ts';
import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import type { FeedPlace, LogPlace } from '../../kernel/replication.ts';
import { PROTOCOL, SESSION_HEADER } from '../protocol/limits.ts';
import type { HelloAnswer, HelloRequest, Message, PullAnswer, PullRequest } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';

type Stolen = {
  readonly nodeId: string;
  /** Signs with the key of the node. */
  readonly signer: NodeSigner;
  readonly nowMs: number;
  /** How far its log was when its key was stolen. */
  readonly head: LogPlace;
  /** Sends a body to a path below `/sync/v1`. */
  readonly ask: (path: string, body: string, headers?: Record<string, string>) => Promise<Response>;
};

/** Whoever has the key of a park's node, and says with it what the program of the node would never say. */
export function createThief({ nodeId, signer, nowMs, head: { incarnation, seq, link }, ask }: Stolen) {
  const process = randomUUID();

  async function answerTo<Answer>(path: string, body: object, headers?: Record<string, string>): Promise<Answer> {
    const answer = await ask(path, JSON.stringify(body), headers);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as Answer;
  }

  return {
    /** @param feed how far it says that the node has read headquarters */
    async hello(
      feed: FeedPlace | null,
      change: Partial<Message<typeof HelloRequest>> = {},
    ): Promise<Message<typeof HelloAnswer>> {
      const { challenge } = await answerTo<{ readonly challenge: string }>('/challenge', { nodeId });
      const told = {
        nodeId,
        challenge,
        nonce: systemIds.secret(16),
        protocol: PROTOCOL,
        incarnation,
        process,
        opened: [],
        head: { incarnation, seq, link },
        feed,
        eventTypes: '',
        clockMs: nowMs,
        clockOffsetMs: null,
        appVersion: '0.1.0',
        admissionKeys: [],
        ...change,
      };
      return answerTo('/hello', await signed('hello', told, signer));
    },
    pull(session: string, pull: Omit<Message<typeof PullRequest>, 'nonce'>): Promise<Message<typeof PullAnswer>> {
      return answerTo('/pull', { nonce: systemIds.secret(16), ...pull }, { [SESSION_HEADER]: session });
    },
  };
}
