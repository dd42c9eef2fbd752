import { reach, type Cancellation, type HeldTicket, type Passage } from './diary.ts';
import { ticketsWithIncidents } from './judge-gates.ts';
import type { Judged, Violation } from './judged.ts';

/** Whether the gates had to know of it when they were asked: what a gate alone let in they may hear of after they have answered. */
const isKnownInTime = (passage: Passage<string>, asked: readonly Cancellation<string>[]): boolean => {
  const isAlone = passage.isAlone === true || passage.device !== undefined;
  return !isAlone || asked.every(({ atMs }) => (passage.toldAtMs ?? passage.atMs) <= atMs);
};

/**
 * Whether they came in by a ticket that had ended before, at a node that had forgotten so when it was put back between the two. Nobody could
 * know better, but once it is known an incident names their scan.
 */
const isByOldMemory = (
  passage: Passage<string>,
  asked: readonly Cancellation<string>[],
  { putBack }: Judged['diary'],
): boolean =>
  (putBack.get(passage.at) ?? []).some((backMs) => backMs <= passage.atMs && asked.every(({ atMs }) => atMs < backMs));

type Known = {
  /** A gate may have counted a party that it turned away. */
  readonly isUnheard: boolean;
  /** Scans that incidents of the ticket name. */
  readonly named: ReadonlySet<string>;
};

/** What is wrong with the end of a ticket that somebody has cancelled; null where nothing is. */
function faultOf(
  ticket: HeldTicket<string>,
  status: string,
  asked: readonly Cancellation<string>[],
  cameIn: readonly Passage<string>[],
  diary: Judged['diary'],
  { isUnheard, named }: Known,
): string | null {
  const isEnded = status === 'cancelled' || status === 'refunded';
  const name = `ticket of step ${ticket.step}`;
  const isOverridden = asked.some(({ isOverride }) => isOverride);
  const inside = cameIn.find(
    (passage) =>
      !passage.isLost &&
      isKnownInTime(passage, asked) &&
      !(named.has(passage.scanId) && isByOldMemory(passage, asked, diary)),
  );
  if (isEnded && !isOverridden && inside !== undefined)
    return `${name} is ${status}, and ${inside.people} people had come in by it`;
  // The books may hold a party that its gate turned away.
  const isUntouched = cameIn.length === 0 && !isUnheard;
  const isTaken = asked.some(({ isOverride, isLost }) => !isLost && (isOverride || isUntouched));
  return isTaken && !isEnded ? `${name} is ${status}, and its cancellation was taken` : null;
}

/**
 * Rule 2 by who really came in: no ticket of theirs ends unless a manager insists, what nobody came in by ends when its
 * cancellation was taken, and what was paid for ends for no other reason.
 */
export async function endedRightly({ world, diary }: Judged): Promise<readonly Violation[]> {
  const { ticketFacts } = world.headquarters.app.modules.booking;
  const incidents = await ticketsWithIncidents(world);
  const violations: Violation[] = [];
  for (const ticket of diary.tickets) {
    const { ticketId } = ticket;
    const asked = diary.cancellations.filter((each) => each.ticketId === ticketId);
    const facts = await ticketFacts.byId(ticketId);
    if (facts === null) continue;
    if (asked.length === 0) {
      const isEnded = facts.isPaid && (facts.status === 'cancelled' || facts.status === 'refunded');
      const what = `ticket of step ${ticket.step} is ${facts.status}, and nobody has cancelled it`;
      if (isEnded) violations.push({ rule: 'rule 2', what });
      continue;
    }
    const cameIn = diary.passages.filter((each) => each.ticketId === ticketId && each.direction === 'in');
    if (cameIn.length > 0) reach(diary, `cancelled, and some had come in: ${facts.status}`);
    const known = { isUnheard: diary.unheard.has(ticketId), named: incidents.get(ticketId) ?? new Set<string>() };
    const what = faultOf(ticket, facts.status, asked, cameIn, diary, known);
    if (what !== null) violations.push({ rule: 'rule 2', what });
  }
  return violations;
}
