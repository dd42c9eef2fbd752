import type { LogHead } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { PROTOCOL } from '../protocol/limits.ts';
import { ChallengeAnswer, HelloAnswer, type Message } from '../protocol/messages.ts';
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

/** How the lives of this log began that are not its first one, the newest last as far as they follow one another. */
async function beginnings({ log, lives, nodeId }: ParkTools) {
  const own = (await log.authors()).filter((author) => author.nodeId === nodeId);
  const told = await Promise.all(
    own.map(async ({ incarnation }) => ({ incarnation, ...(await lives.beginningOf(incarnation)) })),
  );
  return told.flatMap(({ incarnation, previous, reason }) =>
    previous === undefined || reason === undefined ? [] : [{ incarnation, previous, reason }],
  );
}

/** Asks headquarters how we stand; both sides prove who they are. */
export async function sayHello(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  lastOffsetMs: number | null,
): Promise<Asked<Welcome>> {
  const { nodeId, log, signer, post, clock, secret, admissionKeys, eventTypes, appVersion, parked } = tools;
  const challenged = await askChallenge(post, '/challenge', { nodeId });
  if (challenged.kind !== 'answer') return challenged;
  const head = await log.head();
  const { incarnation, seq, link } = head;
  const opened = await beginnings(tools);
  const peer = (await log.peers()).find(({ peerNodeId }) => peerNodeId === headquarters.nodeId);
  const nonce = secret(16);
  const hello = {
    nodeId,
    challenge: challenged.answer.challenge,
    nonce,
    protocol: PROTOCOL,
    incarnation,
    opened,
    head: { incarnation, seq, link },
    feed: peer?.feed ?? null,
    eventTypes,
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
