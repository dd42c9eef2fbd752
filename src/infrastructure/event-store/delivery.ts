import type { StoredEvent } from '../../kernel/event-store.ts';

/** An event on its way to one reader. */
export type Delivered = {
  readonly event: StoredEvent;
  /**
   * Whoever has handled everything up to this position misses nothing by handling the event next: no event that this
   * reader wants lies between the two.
   */
  readonly afterPosition: number;
  /** Says that it need not come again. */
  readonly done: () => void;
};

/** What comes in for one reader, from the moment it was opened. */
export type Inbox = {
  /** Whether events come by themselves now. */
  connected(): boolean;
  /** Takes up to `limit` events that have come, in the order they came. Those not `done` come again to the next inbox. */
  take(limit: number): readonly Delivered[];
  close(): Promise<void>;
};

/**
 * Brings the events of a log to its readers, so that they need not read it all the time. It may lose events, double them and
 * bring them late: the log is the truth, and the reader finds every gap by `afterPosition`.
 */
export type Delivery = {
  /** @param onArrival called when there is something to take, and when the connection came or went */
  open(reader: { readonly name: string; readonly eventTypes?: readonly string[] }, onArrival: () => void): Inbox;
};
