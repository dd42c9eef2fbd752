import type { Recorded } from './event-codec.ts';
import type { Where } from './node-role.ts';

/**
 * Joins modules: reacts to events of one with commands of another. `handle` gets every event of `eventTypes` in order of
 * the log, at least once, so its commands carry a command id made of the event's id.
 */
export type Flow = {
  readonly name: string;
  readonly eventTypes: readonly string[];
  /** Headquarters alone when it says nothing. */
  readonly runsAt?: Where;
  handle(event: Recorded): Promise<void>;
};
