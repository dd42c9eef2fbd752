import type { Decision, Refusal } from '../../../clients/gate/decide.ts';
import type { components } from '../../../clients/typescript/schema.d.ts';

export type ScanResult = components['schemas']['ScanResult'];
export type GateTicket = components['schemas']['GateTicket'];
export type Direction = 'in' | 'out';

/** What a gate says to whoever wants to pass. */
export type Passage = {
  /** Amber: let them pass, and a person looks at it later. */
  readonly light: 'green' | 'amber' | 'red';
  readonly reason: ScanResult['outcome'] | Refusal | 'not_enrolled' | 'failed';
  readonly direction: Direction;
  /** How many pass now. */
  readonly people: number;
  /** How many of the party may still come in. */
  readonly remaining: number;
  readonly ticket: GateTicket | null;
  /** When and where the first of the party came in, where that is why nobody passes, or not so many. */
  readonly firstAdmitted: ScanResult['first_admitted'];
  /** Decided by this device, without its node. */
  readonly isAlone: boolean;
  /** Why it is amber, where it is. */
  readonly mark: 'unknown_here' | 'over_quota' | null;
};

const PASSES: ReadonlySet<string> = new Set(['admitted', 'exited']);

/** What the node answered. */
export function passageOf(direction: Direction, result: ScanResult): Passage {
  const { outcome, people_admitted: admitted, people_exited: exited, remaining, ticket, known_here: isKnown } = result;
  const { first_admitted: firstAdmitted } = result;
  const passes = PASSES.has(outcome);
  const mark: Passage['mark'] = passes && !isKnown ? 'unknown_here' : null;
  const light = passes ? (mark === null ? 'green' : 'amber') : 'red';
  const shown = { remaining, ticket, firstAdmitted, isAlone: false, mark };
  return { light, reason: outcome, direction, people: admitted + exited, ...shown };
}

/** What the device decided without its node. */
export function passageAlone(direction: Direction, decision: Decision): Passage {
  const shared = { direction, ticket: null, firstAdmitted: null, isAlone: true } as const;
  if (decision.light === 'red') {
    return { ...shared, light: 'red', reason: decision.reason, people: 0, remaining: decision.remaining, mark: null };
  }
  const { light, isOverQuota, decided } = decision;
  const mark = light === 'green' ? null : isOverQuota ? 'over_quota' : 'unknown_here';
  const reason = direction === 'in' ? 'admitted' : 'exited';
  return { ...shared, light, reason, people: decided.people, remaining: 0, mark };
}

/** Nobody passes, for a reason that is not in the ticket. */
export const refused = (direction: Direction, reason: 'not_enrolled' | 'failed'): Passage => ({
  light: 'red',
  reason,
  direction,
  people: 0,
  remaining: 0,
  ticket: null,
  firstAdmitted: null,
  isAlone: false,
  mark: null,
});
