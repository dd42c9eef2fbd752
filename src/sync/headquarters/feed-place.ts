import { reached, type FeedPlace, type ReplicationLog } from '../../kernel/replication.ts';

export type ResumedFeed = {
  /** Where to read on; null: from the beginning. */
  readonly feed: FeedPlace | null;
  /**
   * The place is not one of this log: headquarters was restored to an older state, or there is a copy of it. `unnoticed`: the place is in
   * the life that goes on, or in one that was never heard of here.
   */
  readonly setBack: 'no' | 'noticed' | 'unnoticed';
};

/** The last position before the life that wrote what is newest at `top`. */
async function endBefore(log: ReplicationLog, incarnation: string, top: number): Promise<number> {
  let [below, within] = [0, top];
  while (within - below > 1) {
    const middle = Math.floor((below + within) / 2);
    const isWithin = (await reached(log, middle)).incarnation === incarnation;
    if (isWithin) within = middle;
    else below = middle;
  }
  return below;
}

/** The last position at which what this node wrote last is of a given life; 0 when there is none. Lives follow one another. */
async function lastPositionOf(log: ReplicationLog, incarnation: string, head: number): Promise<number> {
  for (let top = head; top > 0;) {
    const { incarnation: newest } = await reached(log, top);
    if (newest === incarnation) return top;
    top = await endBefore(log, newest, top);
  }
  return 0;
}

/**
 * Where a park reads on that has read up to `asked`. When that place is not known here, after the end of that life: what was
 * written in it since it was set back stands where the park knows other events, and cannot be told.
 */
export async function resumeFeed(log: ReplicationLog, asked: FeedPlace | null): Promise<ResumedFeed> {
  if (asked === null) return { feed: null, setBack: 'no' };
  const found = await log.placeAt(asked.position);
  if (found?.incarnation === asked.incarnation && found.link === asked.link) return { feed: asked, setBack: 'no' };
  const head = await log.head();
  const isOver = (await log.authors()).some(
    ({ nodeId, incarnation }) => nodeId === head.nodeId && incarnation === asked.incarnation,
  );
  const setBack = isOver && asked.incarnation !== head.incarnation ? 'noticed' : 'unnoticed';
  const position = await lastPositionOf(log, asked.incarnation, head.position);
  if (position === 0) return { feed: null, setBack };
  const { incarnation, link } = await reached(log, position);
  return { feed: { incarnation, position, link }, setBack };
}
