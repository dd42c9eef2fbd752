import { SEGMENT_BYTES, type LogPlace, type SealedSegment } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { FULL_BYTES } from '../protocol/limits.ts';
import { PushAnswer, type Verdict } from '../protocol/messages.ts';
import { createAsk, proven } from './ask.ts';
import type { ParkTools } from './ports.ts';

export type Session = {
  readonly token: string;
  readonly incarnation: string;
  /** Up to where headquarters has our log; null: nothing. */
  readonly accepted: LogPlace | null;
  /** Lives before it of which headquarters lacks something, up to where it has them. */
  readonly former: readonly { readonly incarnation: string; readonly seq: number }[];
  readonly credit: number;
};

/** How far a push or a pull came. */
export type Ended =
  | { readonly kind: 'drained' }
  | { readonly kind: 'stopping' }
  /** A new hello is needed. */
  | { readonly kind: 'session_over' }
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'trouble'; readonly verdict: Verdict; readonly trouble: string };

const askPush = createAsk(PushAnswer);

/** At most so many bytes: a segment that holds more than one append is never larger than a segment may be. */
function mostBytesOf(segment: SealedSegment): number {
  const [first] = segment.events;
  const isOneAppend = first === undefined || first.appendSize >= segment.events.length;
  return isOneAppend ? Buffer.byteLength(JSON.stringify(segment)) : SEGMENT_BYTES;
}

/** As many as fit into a message of a sensible size, one at least. */
function fitting(segments: readonly SealedSegment[]): readonly SealedSegment[] {
  let bytes = 0;
  const end = segments.findIndex((segment, index) => {
    bytes += mostBytesOf(segment);
    return index > 0 && bytes > FULL_BYTES;
  });
  return end === -1 ? segments : segments.slice(0, end);
}

/**
 * Hands over what headquarters does not have, a few segments at a time, until there is nothing more: first of lives before this
 * one, since this one follows them.
 * @param onTaken told of every place up to which headquarters has it for good
 */
export async function pushAll(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  session: Session,
  stopping: AbortSignal,
  onTaken: (place: LogPlace) => void,
): Promise<Ended> {
  for (const { incarnation, seq } of session.former) {
    const life = { ...session, incarnation, accepted: null, seq };
    const ended = await pushLife(tools, headquarters, life, stopping, onTaken);
    if (ended.kind !== 'drained') return ended;
  }
  return pushLife(tools, headquarters, { ...session, seq: session.accepted?.seq ?? 0 }, stopping, onTaken);
}

async function pushLife(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  session: Session & { readonly seq: number },
  stopping: AbortSignal,
  onTaken: (place: LogPlace) => void,
): Promise<Ended> {
  const { log, signer, post, secret, clock } = tools;
  const { token, incarnation, credit } = session;
  const dueAfter = async (seq: number): Promise<readonly SealedSegment[]> => {
    await log.seal(signer, { segments: credit });
    return fitting(await log.segmentsAfter(incarnation, seq, { segments: credit }));
  };
  let taken = session.accepted;
  let ahead: readonly SealedSegment[] = [];
  while (!stopping.aborted) {
    const due = ahead.length > 0 ? ahead : await dueAfter(taken?.seq ?? session.seq);
    const first = due[0];
    if (first === undefined) return { kind: 'drained' };
    if (taken !== null && first.header.first === taken.seq + 1 && first.header.previousLink !== taken.link) {
      const trouble = `event ${taken.seq} is another one at headquarters: two copies of this node have written`;
      return { kind: 'trouble', verdict: 'fork', trouble };
    }
    const nonce = secret(16);
    const { nodeId: peerNodeId, publicKey } = headquarters;
    const [asked, next] = await Promise.all([
      askPush(post, '/push', { session: token, nonce, segments: due }),
      // What comes after it is sealed and read while headquarters stores this.
      dueAfter(due.at(-1)?.header.last ?? 0),
    ]);
    ahead = next;
    const answered = await proven(asked, { kind: 'taken', publicKey, nonce });
    if (answered.kind === 'failed') return { kind: 'unreachable', reason: answered.reason };
    if (answered.kind === 'refused') return { kind: 'session_over' };
    const { verdict, trouble, taken: places, expected, retryAfterMs } = answered.answer;
    const last = places.at(-1);
    if (last !== undefined) {
      taken = last;
      await log.notePeer({ peerNodeId, acked: last, lastContactMs: clock.now() });
      onTaken(last);
    }
    if (verdict === 'slow_down') return { kind: 'later', afterMs: retryAfterMs };
    // Headquarters lacks something in between: it says in a new hello from where on.
    if (expected !== null) return { kind: 'session_over' };
    if (verdict !== 'ok' || places.length < due.length) {
      return { kind: 'trouble', verdict, trouble: trouble ?? 'headquarters took only a part' };
    }
  }
  return { kind: 'stopping' };
}
