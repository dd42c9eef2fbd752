import type { FeedPlace, ReplicationLog } from '../../kernel/replication.ts';

export type ResumedFeed = {
  /** Where to read on; null: from the beginning. */
  readonly feed: FeedPlace | null;
  /** The place is not one of this log: headquarters was restored to an older state. */
  readonly isStrange: boolean;
};

/** The last position before which this node wrote in a given life; 0 when it never did. Lives follow one another. */
async function lastPositionOf(log: ReplicationLog, incarnation: string, head: number): Promise<number> {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const isOfIt = (await log.placeAt(middle)).incarnation === incarnation;
    if (isOfIt) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Where a park reads on that has read up to `asked`. When that place is not known here, from the last one that can be the
 * same: what it gets twice it knows by its ids.
 */
export async function resumeFeed(log: ReplicationLog, asked: FeedPlace | null): Promise<ResumedFeed> {
  if (asked === null) return { feed: null, isStrange: false };
  const { position: head } = await log.head();
  const found = await log.placeAt(Math.min(asked.position, head));
  if (asked.position <= head && found.incarnation === asked.incarnation && found.link === asked.link) {
    return { feed: asked, isStrange: false };
  }
  const position = found.incarnation === asked.incarnation ? 0 : await lastPositionOf(log, asked.incarnation, head);
  const { incarnation, link } = await log.placeAt(position);
  return { feed: position === 0 ? null : { incarnation, position, link }, isStrange: true };
}
