import type { FeedPlace, ReceiveOutcome, ReplicationLog, SealedSegment } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { PullAnswer } from '../protocol/messages.ts';
import { createAsk, proven } from './ask.ts';
import type { ParkTools } from './ports.ts';
import type { Ended } from './push-all.ts';

const askPull = createAsk(PullAnswer);

const isStored = ({ outcome }: ReceiveOutcome): boolean => outcome === 'stored' || outcome === 'already_stored';

/** Lives of this node's log before the current one: what is lost of them headquarters may have. */
async function earlierLives({ log, nodeId }: ParkTools, incarnation: string) {
  return (await log.authors())
    .filter((author) => author.nodeId === nodeId && author.incarnation !== incarnation)
    .map((author) => ({ incarnation: author.incarnation, seq: author.seq }))
    .slice(0, 50);
}

/** What we wrote in a life before and lost comes back as if another one had written it: it moves no counter of ours. */
async function takeBack(log: ReplicationLog, segments: readonly SealedSegment[]): Promise<ReceiveOutcome | null> {
  for (const { header, signature, events } of segments) {
    const { nodeId, incarnation, first, previousLink } = header;
    const chain = { nodeId, incarnation, first, previousLink };
    const received = await log.receive({ events, chain, segment: { header, signature } });
    if (!isStored(received)) return received;
  }
  return null;
}

/** Reads what headquarters wrote, page after page, each with how far we are in one transaction, until there is nothing more. */
export async function pullAll(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  session: { readonly token: string; readonly incarnation: string; readonly feed: FeedPlace | null },
  stopping: AbortSignal,
): Promise<Ended & { readonly feed: FeedPlace | null }> {
  const { log, post, secret, clock } = tools;
  const { nodeId: peerNodeId, publicKey } = headquarters;
  let { feed } = session;
  let rebuild = await earlierLives(tools, session.incarnation);
  while (!stopping.aborted) {
    const nonce = secret(16);
    const asked = await askPull(post, '/pull', { nonce, after: feed?.position ?? 0, rebuild }, session.token);
    const answered = await proven(asked, { kind: 'feed', publicKey, nonce });
    if (answered.kind === 'failed') return { kind: 'unreachable', reason: answered.reason, feed };
    if (answered.kind === 'refused') return { kind: 'session_over', feed };
    const { events, place, isEnd, rebuilt } = answered.answer;
    const peer = { peerNodeId, feed: place, lastContactMs: clock.now() };
    if (events.length === 0) await log.notePeer(peer);
    const received = events.length === 0 ? null : await log.receive({ events, chain: null, peer });
    const refused = received !== null && !isStored(received) ? received : await takeBack(log, rebuilt);
    if (refused !== null) {
      const trouble = `what headquarters sent cannot be stored: ${JSON.stringify(refused)}`;
      return { kind: 'trouble', verdict: refused.outcome === 'fork' ? 'fork' : 'ok', trouble, feed };
    }
    feed = place;
    rebuild = rebuilt.length === 0 ? [] : await earlierLives(tools, session.incarnation);
    if (isEnd && rebuilt.length === 0) return { kind: 'drained', feed };
  }
  return { kind: 'stopping', feed };
}
