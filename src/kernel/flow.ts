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
  /** `own`: only what this node wrote, because its commands go on with the same streams; everything when it says nothing. */
  readonly hears?: 'own';
  handle(event: Recorded): Promise<void>;
};

/** The flow as node `nodeId` runs it: what it does not hear it lets pass. */
export const flowAt = (nodeId: string, flow: Flow): Flow =>
  flow.hears === 'own'
    ? { ...flow, handle: async (event) => (event.meta.nodeId === nodeId ? flow.handle(event) : undefined) }
    : flow;
