import type { Claim } from '../../../kernel/event-store.ts';

type Waiting = { readonly userId: string; readonly parkId: string; readonly visitDate: string };

/** The name that a guest's one entry for a day holds while it waits. */
const nameOf = ({ userId, parkId, visitDate }: Waiting) => ({
  scope: 'waiting',
  key: `${userId}/${parkId}/${visitDate}`,
});

export const takenName = (waiting: Waiting & { readonly entryId: string }): readonly Claim[] => [
  { ...nameOf(waiting), owner: waiting.entryId },
];

/** Taken again before it is given up: only whoever holds a name may give it up. */
export const releasedName = (waiting: Waiting & { readonly entryId: string }): readonly Claim[] => [
  ...takenName(waiting),
  { ...nameOf(waiting), owner: null },
];
