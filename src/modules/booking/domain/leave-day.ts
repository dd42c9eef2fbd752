import type { Tyiyn } from '../../../kernel/money.ts';
import { ok } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { TicketLeftDay } from '../contract.ts';
import { placeOf } from './ticket-messages.ts';
import type { CommandOf, TicketDecision, TicketState, TicketTerms } from './ticket-messages.ts';

/**
 * Nobody came in on the day that the ticket has left; nothing when it waits for no gates.
 * @param givesBack whether what the new day costs less comes back; not where the ticket ends, and all of it with the ticket
 */
export function leftDay(
  { leaving, paymentId, paidTyiyn }: TicketState,
  terms: TicketTerms,
  nowMs: number,
  givesBack: boolean,
): readonly TicketLeftDay[] {
  if (leaving === null) return [];
  const { from, voidId, ...back } = leaving;
  const nothing = { refundTyiyn: 0n, returnedPromo: null, pointsSpent: terms.pointsSpent };
  const comesBack = givesBack ? back : nothing;
  const left = { ...placeOf(terms), visitDate: from.visitDate, voidId, paymentId, ...comesBack };
  return [{ type: 'TicketLeftDay', data: { ...left, paidTyiyn: paidTyiyn - comesBack.refundTyiyn, leftAtMs: nowMs } }];
}

/**
 * The gates of the day that the ticket has left have answered. Somebody came in on it: only a ticket that nobody used is moved, so it is for
 * that day again, and what was paid for the dearer one goes back. An answer to a question that is not open any more changes nothing.
 */
export function endLeaving(
  { voidId, denied, admissionCode, nowMs }: CommandOf<'end_leaving'>,
  state: TicketState,
  terms: TicketTerms,
): TicketDecision {
  const { leaving, difference } = state;
  if (leaving?.voidId !== voidId) return ok([]);
  if (denied === null) return ok(leftDay(state, terms, nowMs, true));
  const { subjectId, visitDate: fromDate } = terms;
  const data = {
    ...placeOf(terms),
    ...leaving.from,
    subjectId,
    fromDate,
    voidId,
    entered: denied.entered,
    paidTyiyn: state.paidTyiyn - (difference?.paidTyiyn ?? 0n),
    difference,
    admissionCode,
    undoneAtMs: nowMs,
  };
  return ok([{ type: 'TicketMoveUndone', data }]);
}

/**
 * What stays paid for a ticket, should the party have come in on that day. Of the day that it is leaving that is its own price, since the move
 * is then undone; of the new one what that costs. The same before the gates have answered and after.
 */
export function paidFor({ leaving, paidTyiyn, difference }: TicketState, visitDate: LocalDate): Tyiyn {
  if (leaving === null) return paidTyiyn;
  return paidTyiyn - (visitDate === leaving.from.visitDate ? (difference?.paidTyiyn ?? 0n) : leaving.refundTyiyn);
}
