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
const MOST_AT_ONCE = 8;
const COME_AGAIN_MS = 2_000;

type All = {
  readonly places: readonly LogPlace[];
  /** Events that were new. */
  readonly stored: number;
  readonly trouble: string | null;
  /** The first segment that was not taken. */
  readonly end: Stopped | null;
};

async function takeAll(tools: HeadquartersTools, session: Session, segments: readonly SealedSegment[]): Promise<All> {
  const places: LogPlace[] = [];
  let [stored, trouble]: [number, string | null] = [0, null];
  let ahead: Begun | null = null;
  for (const [index, segment] of segments.entries()) {
    const begun: Begun = ahead ?? (await beginSegment(tools, session, segment));
    const next = segments[index + 1];
    // The next one is looked at while this one is stored.
    ahead = begun.isStoring && next !== undefined ? await beginSegment(tools, session, next) : null;
    const taken = await begun.end();
    if (taken.kind === 'stopped') return { places, stored, trouble: taken.trouble, end: taken };
    places.push(taken.place);
    stored += taken.stored;
    trouble ??= taken.trouble;
  }
  return { places, stored, trouble, end: null };
}

/** Takes what a park wrote, segment after segment, each in one transaction; the first that is not taken ends the push. */
export function createTakeSegments(tools: HeadquartersTools): TakeSegments {
  const { signer, onNews } = tools;
  let atOnce = 0;
  return async (session, { nonce, segments }) => {
    const base = { nonce, trouble: null, taken: [], expected: null, credit: CREDIT, retryAfterMs: 0 };
    if (atOnce >= MOST_AT_ONCE) {
      return signed('taken', { ...base, verdict: 'slow_down' as const, retryAfterMs: COME_AGAIN_MS }, signer);
    }
    atOnce += 1;
    try {
      const { places, stored, trouble, end } = await takeAll(tools, session, segments);
      const { verdict, expected, isQuarantined } = end ?? { verdict: 'ok', expected: null, isQuarantined: false };
      onNews({ nodeId: session.nodeId, step: 'push', verdict, trouble, stored, isQuarantined });
      return await signed('taken', { ...base, verdict, trouble, taken: [...places], expected }, signer);
    } finally {
      atOnce -= 1;
    }
  };
}
