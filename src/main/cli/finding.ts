import type { DomainEvent } from '../../kernel/decider.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import type { Session } from '../../infrastructure/postgres/session.ts';

/** One thing that was looked at, in figures. */
export type Finding = {
  /** `rule 1`, `log`, `journal`: what it is about. */
  readonly subject: string;
  readonly holds: boolean;
  /** Something is under way that will be looked at again when it is over; it holds so far. */
  readonly inProgress?: boolean;
  readonly text: string;
};

/** The node that wrote an event, and the log it wrote it to. */
export type Author = {
  readonly nodeId: string;
  readonly incarnation: string;
  /** Written here, so that its counters are those of this database: what came back after it was lost moved none. */
  readonly isOwn: boolean;
  /** Told to a park by headquarters: its places are not counted there. */
  readonly isHeadquarters: boolean;
};

/** Looks at every event in order of the log, then at the tables, both of one moment. */
export type Audit = {
  see(event: Recorded, author: Author): void;
  findings(session: Session): Promise<readonly Finding[]>;
};

export const isOf = <Event extends DomainEvent>(event: Recorded, type: Event['type']): event is Recorded<Event> =>
  event.type === type;

/** Most faults that are named one by one. */
const MOST_NAMED = 5;

/** A finding that holds when there are no faults; else it names the first of them. */
export function findingOf(subject: string, text: string, faults: readonly string[]): Finding {
  if (faults.length === 0) return { subject, holds: true, text };
  const rest = faults.length > MOST_NAMED ? [`… and ${faults.length - MOST_NAMED} more`] : [];
  return { subject, holds: false, text: [text, ...faults.slice(0, MOST_NAMED), ...rest].join('\n          ') };
}

/** `1 ticket`, `2 tickets`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
