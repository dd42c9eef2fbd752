import type { AuthoredEvent, SealedSegment, SegmentHeader } from '../../kernel/replication.ts';

/** Segments that are kept; about two mebibytes of events. */
const MOST = 4;

export type FreshSegments = {
  keep(segment: SealedSegment): void;
  /** The events of exactly this segment, once; null when they are not at hand. */
  take(header: SegmentHeader): readonly AuthoredEvent[] | null;
};

/** The events of the segments that were sealed last, in memory. */
export function createFreshSegments(): FreshSegments {
  const kept = new Map<string, SealedSegment>();
  return {
    keep(segment) {
      kept.set(segment.header.lastLink, segment);
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    },
    take({ first, last, lastLink }) {
      const found = kept.get(lastLink);
      kept.delete(lastLink);
      // Another process may have sealed meanwhile, with other borders.
      return found?.header.first === first && found.header.last === last ? found.events : null;
    },
  };
}
