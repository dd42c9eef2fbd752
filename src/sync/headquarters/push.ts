import type { LogPlace, SealedSegment } from '../../kernel/replication.ts';
import { CREDIT } from '../protocol/limits.ts';
import type { Message, PushAnswer } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import type { HeadquartersTools } from './ports.ts';
import type { Session } from './session.ts';
import { beginSegment, type Begun, type Stopped } from './take-segment.ts';

export type TakeSegments = (
  session: Session,
  push: { readonly nonce: string; readonly segments: readonly SealedSegment[] },
) => Promise<Message<typeof PushAnswer>>;

/** Pushes that are worked on at once in one process; those beyond come again later, so that nobody waits in line. */
const MOST_AT_ONCE = 16;
const COME_AGAIN_MS = 2_000;

type All = {
  readonly places: readonly LogPlace[];
  /** Events that were new. */
  readonly stored: number;
  readonly trouble: string | null;
  /** The first segment that was not taken. */
  readonly end: Stopped | null;
};

/** Begins to store them, up to the first that must not be: behind it none is. */
async function beginAll(
  tools: HeadquartersTools,
  session: Session,
  segments: readonly SealedSegment[],
): Promise<readonly Begun[]> {
  const begun: Begun[] = [];
  for (const segment of segments) {
    const one = await beginSegment(tools, session, segment);
    begun.push(one);
    if (!one.isStoring) break;
  }
  return begun;
}

async function endAll(begun: readonly Begun[]): Promise<All> {
  const places: LogPlace[] = [];
  let [stored, trouble]: [number, string | null] = [0, null];
  for (const one of begun) {
    const taken = await one.end();
    if (taken.kind === 'stopped') return { places, stored, trouble: taken.trouble, end: taken };
    places.push(taken.place);
    stored += taken.stored;
    trouble ??= taken.trouble;
  }
  return { places, stored, trouble, end: null };
}

/** Lets the works of each node begin in the order in which they came, each when the one before it has begun. */
function createTurns(): <Work>(nodeId: string, begin: () => Promise<Work>) => Promise<Work> {
  const last = new Map<string, Promise<unknown>>();
  return async (nodeId, begin) => {
    const before = last.get(nodeId) ?? Promise.resolve();
    const begun = before.then(begin);
    const settled = begun.catch(() => undefined);
    last.set(nodeId, settled);
    try {
      return await begun;
    } finally {
      if (last.get(nodeId) === settled) last.delete(nodeId);
    }
  };
}

/**
 * Takes what a park wrote, segment after segment; the first that is not taken ends the push. A park may send a push before the
 * one before it is answered: it is then looked at while that one is stored.
 */
export function createTakeSegments(tools: HeadquartersTools): TakeSegments {
  const { signer, onNews } = tools;
  const inTurn = createTurns();
  let atOnce = 0;
  return async (session, { nonce, segments }) => {
    const base = { nonce, trouble: null, taken: [], expected: null, credit: CREDIT, retryAfterMs: 0 };
    if (atOnce >= MOST_AT_ONCE) {
      return signed('taken', { ...base, verdict: 'slow_down' as const, retryAfterMs: COME_AGAIN_MS }, await signer());
    }
    atOnce += 1;
    try {
      const begun = await inTurn(session.nodeId, () => beginAll(tools, session, segments));
      const { places, stored, trouble, end } = await endAll(begun);
      const { verdict, expected, isQuarantined } = end ?? { verdict: 'ok', expected: null, isQuarantined: false };
      onNews({ nodeId: session.nodeId, step: 'push', verdict, trouble, stored, isQuarantined });
      return await signed('taken', { ...base, verdict, trouble, taken: [...places], expected }, await signer());
    } finally {
      atOnce -= 1;
    }
  };
}
