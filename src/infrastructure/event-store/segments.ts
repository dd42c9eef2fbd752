import { assert } from '../../kernel/assert.ts';
import {
  SEGMENT_BYTES,
  SEGMENT_EVENTS,
  segmentBytes,
  type Author,
  type AuthoredEvent,
  type LogPlace,
  type SealedSegment,
  type SegmentHeader,
  type SegmentLimits,
  type SegmentSigner,
} from '../../kernel/replication.ts';
import { brokenLink } from './authored-event.ts';

/** As many of them, from the front, as the limits let through. */
export function withinLimits<Segment extends Pick<SealedSegment, 'header'>>(
  segments: readonly Segment[],
  { segments: most, events = Infinity }: SegmentLimits,
): readonly Segment[] {
  let count = 0;
  const end = segments.findIndex(({ header: { first, last } }, index) => {
    count += last - first + 1;
    return index >= most || (index > 0 && count > events);
  });
  return end === -1 ? segments : segments.slice(0, end);
}

const sizeOf = (event: AuthoredEvent): number => Buffer.byteLength(JSON.stringify(event));

/**
 * What the JSON of an event has beyond the array that the log answers, at most: its names with quotes and colons are 216 bytes, its
 * link is 21 shorter, and it has no white space.
 */
export const NAMES_BYTES = 200;

/**
 * The events of the next segment: the most appends from the front that fit in one, or as much as fits of a single append that is
 * larger than a segment.
 * @param events the oldest that no segment holds, at least SEGMENT_EVENTS of them if there are as many; not empty.
 * @param atMost bytes of all of them, where that is known: what fits as a whole is not measured one by one.
 */
export function nextSegment(events: readonly AuthoredEvent[], atMost = Infinity): readonly AuthoredEvent[] {
  let bytes = 0;
  let fitting = atMost <= SEGMENT_BYTES ? Math.min(events.length, SEGMENT_EVENTS) : 0;
  while (fitting < Math.min(events.length, SEGMENT_EVENTS)) {
    const event = events[fitting];
    assert(event, 'an index within the list');
    bytes += sizeOf(event);
    if (bytes > SEGMENT_BYTES && fitting > 0) break;
    fitting += 1;
  }
  let whole = 0;
  while (whole < fitting) {
    const size = events[whole]?.appendSize ?? 1;
    if (whole + size > fitting) break;
    whole += size;
  }
  return events.slice(0, whole === 0 ? fitting : whole);
}

/**
 * @param sealed the end of the segment before.
 * @throws BrokenInvariant when an event is not what its link says.
 */
export async function signSegment(
  events: readonly AuthoredEvent[],
  sealed: LogPlace,
  others: readonly Author[],
  signer: SegmentSigner,
): Promise<SealedSegment> {
  const broken = brokenLink(events, sealed.link);
  assert(broken === null, `event ${broken} of this log was changed since it was stored; it is not signed`);
  const [first, last] = [events[0], events.at(-1)];
  assert(first && last && first.seq === sealed.seq + 1, 'a segment follows the one before');
  const header: SegmentHeader = {
    nodeId: first.nodeId,
    incarnation: first.incarnation,
    first: first.seq,
    last: last.seq,
    previousLink: sealed.link,
    lastLink: last.link,
    hlc: last.hlc,
    vector: others
      .filter(({ incarnation }) => incarnation !== first.incarnation)
      .map(({ incarnation, seq }) => [incarnation, seq] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    keyId: signer.keyId,
  };
  return { header, signature: await signer.sign(segmentBytes(header)), events };
}
