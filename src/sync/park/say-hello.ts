import type { LogHead, LogPlace } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { MOST_OPENED, PROTOCOL } from '../protocol/limits.ts';
import { ChallengeAnswer, HelloAnswer, type HelloRequest, type Message } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import { createAsk, proven, type Asked } from './ask.ts';
import type { ParkTools } from './ports.ts';

export type Welcome = {
  readonly answer: Message<typeof HelloAnswer>;
  readonly head: LogHead;
  /** How far headquarters' clock is ahead of ours, give or take half of the way there and back. */
  readonly clockOffsetMs: number;
};

const askChallenge = createAsk(ChallengeAnswer);
const askHello = createAsk(HelloAnswer);

/** Of so many subscriptions it is told what they could not handle. */
const MOST_PARKED = 100;

/** What of headquarters’ events is not read, since this program does not know it. */
export type Stop = { readonly type: string; readonly version: number };

type Opened = Message<typeof HelloRequest>['opened'];

const furthest = (told: LogPlace, held: LogPlace | undefined): LogPlace =>
  held !== undefined && held.seq > told.seq ? held : told;

/**
 * How the lives began that led to the current one, each in place of the one before it: where that ended as far as we have it now,
 * since what was lost when a life began may have come back from headquarters, which may have lost it since. Of more than fit the newest, which is enough
 * where headquarters was told of the others before; where it was not, those are told first that follow what it knows.
 */
async function beginnings({ lives, log }: ParkTools, current: string, known: ReadonlySet<string>): Promise<Opened> {
  const held = new Map((await log.authors()).map((author) => [author.incarnation, author]));
  const all: Opened = [];
  for (let incarnation = current; ;) {
    const beginning = await lives.beginningOf(incarnation);
    if (beginning === null) break;
    const { previous, reason } = beginning;
    const { seq, link } = furthest(previous, held.get(previous.incarnation));
    all.unshift({ incarnation, previous: { incarnation: previous.incarnation, seq, link }, reason });
    incarnation = previous.incarnation;
  }
  if (all.length <= MOST_OPENED || known.size === 0) return all.slice(-MOST_OPENED);
  const untold = all.slice(all.findLastIndex(({ incarnation }) => known.has(incarnation)) + 1);
  return untold.slice(0, MOST_OPENED);
}

/**
 * Asks headquarters how we stand; both sides prove who they are.
 * @param known lives of our log that headquarters knew when it answered last; none: it was not asked yet
 * @param stoppedAt where reading headquarters ended, if it did
 */
export async function sayHello(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  lastOffsetMs: number | null,
  known: ReadonlySet<string>,
  stoppedAt: Stop | null,
): Promise<Asked<Welcome>> {
  const { nodeId, process, log, signer, post, clock, secret, admissionKeys, eventTypes, appVersion, parked } = tools;
  const challenged = await askChallenge(post, '/challenge', { nodeId });
  if (challenged.kind !== 'answer') return challenged;
  const head = await log.head();
  const { incarnation, seq, link } = head;
  const opened = await beginnings(tools, incarnation, known);
  const peer = (await log.peers()).find(({ peerNodeId }) => peerNodeId === headquarters.nodeId);
  const nonce = secret(16);
  const hello = {
    nodeId,
    challenge: challenged.answer.challenge,
    nonce,
    protocol: PROTOCOL,
    incarnation,
    process,
    opened,
    head: { incarnation, seq, link },
    feed: peer?.feed ?? null,
    eventTypes,
    stoppedAt,
    clockMs: clock.now(),
    clockOffsetMs: lastOffsetMs,
    appVersion,
    parked: (await parked()).slice(0, MOST_PARKED),
    admissionKeys,
  };
  const sentMs = clock.now();
  const asked = await askHello(post, '/hello', await signed('hello', hello, signer));
  const heardMs = clock.now();
  const { publicKey } = headquarters;
  const answered = await proven(asked, { kind: 'welcome', publicKey, nonce });
  if (answered.kind !== 'answer') return answered;
  const { answer } = answered;
  const clockOffsetMs = Math.round(answer.clockMs - (sentMs + heardMs) / 2);
  return { kind: 'answer', answer: { answer, head, clockOffsetMs } };
}
