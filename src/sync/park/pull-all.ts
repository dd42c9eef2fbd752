import type { FeedPlace, ReceiveOutcome, SealedSegment } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { PullAnswer } from '../protocol/messages.ts';
import { createAsk, proven } from './ask.ts';
import type { ParkTools } from './ports.ts';
import type { Ended } from './push-all.ts';

const askPull = createAsk(PullAnswer);

const isStored = ({ outcome }: ReceiveOutcome): boolean => outcome === 'stored' || outcome === 'already_stored';

/** A life of this node's log before the current one, and up to where headquarters has it. */
export type LifeThere = { readonly incarnation: string; readonly seq: number };

type PullSession = {
  readonly token: string;
  readonly feed: FeedPlace | null;
  readonly earlier: readonly LifeThere[];
  /** Lives that are asked for no more, since what headquarters has of them cannot be stored here; it grows. */
  readonly strange: Set<string>;
};

/** Most lives that are asked for at a time. */
const MOST_LIVES = 50;

/** What headquarters has of the lives before and we have not, also of those that this disk never heard of. */
async function lacking({ log }: ParkTools, { earlier, strange }: PullSession): Promise<readonly LifeThere[]> {
  if (earlier.length === 0) return [];
  const held = new Map((await log.authors()).map(({ incarnation, seq }) => [incarnation, seq]));
  return earlier
    .map(({ incarnation, seq: there }) => ({ incarnation, seq: held.get(incarnation) ?? 0, there }))
    .filter(({ incarnation, seq, there }) => seq < there && !strange.has(incarnation))
    .map(({ incarnation, seq }) => ({ incarnation, seq }))
    .slice(0, MOST_LIVES);
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
  const { log, post, secret, clock, tookBack } = tools;
  const { nodeId: peerNodeId, publicKey } = headquarters;
  let { feed } = session;
  let [lost, isTakingBack]: [string | null, boolean] = [null, false];
  while (!stopping.aborted) {
    const nonce = secret(16);
    const rebuild = await lacking(tools, session);
    if (isTakingBack && rebuild.length === 0) await tookBack();
    isTakingBack = rebuild.length > 0;
    const asked = await askPull(post, '/pull', { session: session.token, nonce, after: feed?.position ?? 0, rebuild });
    const answered = await proven(asked, { kind: 'feed', publicKey, nonce });
    if (answered.kind === 'failed') return { kind: 'unreachable', reason: answered.reason, feed };
    if (answered.kind === 'refused') return { kind: 'session_over', feed };
    const { events, place, isEnd, rebuilt } = answered.answer;
    lost = (await takeBack(tools, rebuilt, session.strange)) ?? lost;
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
