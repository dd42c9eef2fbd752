import { reach, type Cancellation, type HeldTicket, type Passage } from './diary.ts';
import type { Judged, Violation } from './judged.ts';

/** Whether the gates had to know of it when they were asked: what a gate alone let in they may hear of after they have answered. */
const isKnownInTime = (passage: Passage<string>, asked: readonly Cancellation<string>[]): boolean => {
  const isAlone = passage.isAlone === true || passage.device !== undefined;
  return !isAlone || asked.every(({ atMs }) => (passage.toldAtMs ?? passage.atMs) <= atMs);
};

/** What is wrong with the end of a ticket that somebody has cancelled; null where nothing is. */
function faultOf(
  ticket: HeldTicket<string>,
  status: string,
  asked: readonly Cancellation<string>[],
  cameIn: readonly Passage<string>[],
): string | null {
  const isEnded = status === 'cancelled' || status === 'refunded';
  const name = `ticket of step ${ticket.step}`;
  const isOverridden = asked.some(({ isOverride }) => isOverride);
  const inside = cameIn.find((passage) => !passage.isLost && isKnownInTime(passage, asked));
  if (isEnded && !isOverridden && inside !== undefined)
    return `${name} is ${status}, and ${inside.people} people had come in by it`;
  const isTaken = asked.some(({ isOverride, isLost }) => !isLost && (isOverride || cameIn.length === 0));
  return isTaken && !isEnded ? `${name} is ${status}, and its cancellation was taken` : null;
}

/**
 * Rule 2 by who really came in: no ticket of theirs ends unless a manager insists, and what nobody came in by ends when its
 * cancellation was taken.
 */
export async function endedRightly({ world, diary }: Judged): Promise<readonly Violation[]> {
  const { ticketFacts } = world.headquarters.app.modules.booking;
  const violations: Violation[] = [];
  for (const ticket of diary.tickets) {
    const { ticketId } = ticket;
    const asked = diary.cancellations.filter((each) => each.ticketId === ticketId);
    const facts = asked.length === 0 ? null : await ticketFacts.byId(ticketId);
    if (facts === null) continue;
    const cameIn = diary.passages.filter((each) => each.ticketId === ticketId && each.direction === 'in');
    if (cameIn.length > 0) reach(diary, `cancelled, and some had come in: ${facts.status}`);
    const what = faultOf(ticket, facts.status, asked, cameIn);
    if (what !== null) violations.push({ rule: 'rule 2', what });
  }
  return violations;
}
