import type { FeedPlace, ReceiveOutcome, SealedSegment } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { MOST_REBUILT } from '../protocol/limits.ts';
import { PullAnswer, type HelloAnswer, type Message } from '../protocol/messages.ts';
import { createAsk, proven } from './ask.ts';
import type { ParkTools } from './ports.ts';
import type { Ended } from './push-all.ts';
import { notUnderstood } from './understood.ts';

const askPull = createAsk(PullAnswer);

const isStored = ({ outcome }: ReceiveOutcome): boolean => outcome === 'stored' || outcome === 'already_stored';

type PullSession = {
  readonly token: string;
  readonly feed: FeedPlace | null;
  /** Lives of this node's log before the current one, and up to where headquarters has them. */
  readonly lives: Message<typeof HelloAnswer>['lives'];
  /** Lives that are asked for no more, since what headquarters has of them cannot be stored here; it grows. */
  readonly strange: Set<string>;
};

/** What headquarters has of the lives before and we have not, also of those that this disk never heard of. */
async function lacking({ log }: ParkTools, { lives, strange }: PullSession): Promise<PullSession['lives']> {
  if (lives.length === 0) return [];
  const held = new Map((await log.authors()).map(({ incarnation, seq }) => [incarnation, seq]));
  return lives
    .map(({ incarnation, seq: there }) => ({ incarnation, seq: held.get(incarnation) ?? 0, there }))
    .filter(({ incarnation, seq, there }) => seq < there && !strange.has(incarnation))
    .map(({ incarnation, seq }) => ({ incarnation, seq }))
    .slice(0, MOST_REBUILT);
}

/**
 * What we wrote in a life before and lost comes back as if another one had written it: it moves no counter of ours. A life of which
 * another copy of this node has written the end is left as it is here.
 * @returns what cannot be stored for another reason, in words
 */
async function takeBack(
  { log }: ParkTools,
  segments: readonly SealedSegment[],
  strange: Set<string>,
): Promise<string | null> {
  let trouble: string | null = null;
  for (const { header, signature, events } of segments) {
    const { nodeId, incarnation, first, previousLink } = header;
    if (strange.has(incarnation)) continue;
    const chain = { nodeId, incarnation, first, previousLink };
    const received = await log.receive({ events, chain, segment: { header, signature } });
    if (isStored(received)) continue;
    strange.add(incarnation);
    if (received.outcome !== 'fork') trouble ??= troubleOf(received);
  }
  return trouble;
}

const troubleOf = (refused: ReceiveOutcome): string =>
  `what headquarters sent cannot be stored: ${JSON.stringify(refused)}`;

/**
 * Reads what headquarters wrote, page after page, each with how far we are in one transaction, until there is nothing more. What we
 * lost ourselves comes first, so that nothing is decided without it that headquarters asks.
 */
export async function pullAll(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  session: PullSession,
  stopping: AbortSignal,
): Promise<Ended & { readonly feed: FeedPlace | null }> {
  const { log, lives, post, secret, clock, knows } = tools;
  const { nodeId: peerNodeId, publicKey } = headquarters;
  let { feed } = session;
  /** Of a page that cannot be taken whole the events before the first that is not understood are asked for. */
  let some: { readonly atMost?: number } = {};
  let lost: string | null = null;
  while (!stopping.aborted) {
    const nonce = secret(16);
    const rebuild = await lacking(tools, session);
    const from = feed === null ? { after: 0 } : { after: feed.position, link: feed.link };
    const asked = await askPull(post, '/pull', { nonce, ...from, ...some, rebuild }, session.token);
    const answered = await proven(asked, { kind: 'feed', publicKey, nonce });
    if (answered.kind === 'failed') return { kind: 'unreachable', reason: answered.reason, feed };
    if (answered.kind === 'refused') return { kind: 'session_over', feed };
    const { events, place, isEnd, rebuilt } = answered.answer;
    if (rebuilt.length > 0) {
      lost = (await lives.takeBack(() => takeBack(tools, rebuilt, session.strange))) ?? lost;
    }
    const missed = notUnderstood(answered.answer, knows);
    if (missed?.index === 0) return { kind: 'outdated', type: missed.type, version: missed.version, feed };
    some = missed === null ? {} : { atMost: missed.index };
    if (missed !== null) continue;
    const peer = { peerNodeId, feed: place, lastContactMs: clock.now() };
    if (events.length === 0) await log.notePeer(peer);
    const received = events.length === 0 ? null : await log.receive({ events, chain: null, peer });
    if (received !== null && !isStored(received)) {
      const verdict = received.outcome === 'fork' ? 'fork' : 'ok';
      return { kind: 'trouble', verdict, trouble: troubleOf(received), feed };
    }
    feed = place;
    if (!isEnd || rebuilt.length > 0) continue;
    return lost === null ? { kind: 'drained', feed } : { kind: 'trouble', verdict: 'ok', trouble: lost, feed };
  }
  return { kind: 'stopping', feed };
}
