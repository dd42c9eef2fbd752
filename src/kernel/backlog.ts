/** What waits in a queue: how much, and since when the oldest of it. */
export type Backlog = { readonly waiting: number; readonly oldestAtMs: number | null };
