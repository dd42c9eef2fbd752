import type { PeerCheckpoint, PeerProgress } from '../../kernel/replication.ts';

/** The later of two places; within one incarnation nothing goes back, whatever order messages come in. */
const laterOf = <Place extends { readonly incarnation: string }>(
  known: Place | null,
  told: Place | undefined,
  rank: (place: Place) => number,
): Place | null => {
  if (told === undefined) return known;
  return known !== null && known.incarnation === told.incarnation && rank(known) > rank(told) ? known : told;
};

/** A checkpoint with what became known of the peer. */
export const progressed = (known: PeerCheckpoint | undefined, told: PeerProgress): PeerCheckpoint => ({
  peerNodeId: told.peerNodeId,
  feed: laterOf(known?.feed ?? null, told.feed, ({ position }) => position),
  acked: laterOf(known?.acked ?? null, told.acked, ({ seq }) => seq),
  lastContactMs: Math.max(known?.lastContactMs ?? 0, told.lastContactMs),
});
