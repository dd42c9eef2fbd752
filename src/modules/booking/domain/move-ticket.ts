import { ok, refuse } from '../../../kernel/result.ts';
import { placeOf } from './ticket-messages.ts';
import type { CommandOf, TicketDecision, TicketMoved, TicketState, TicketTerms } from './ticket-messages.ts';

/**
 * A paid ticket goes to another day, once, until the day before its visit. What the new day costs less goes back; a day that
 * costs more is refused with the difference, since places are taken only together with their money.
 */
export function moveTicket(command: CommandOf<'move'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { userId, day, today, nowMs, admissionCode } = command;
  if (terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  // Told twice: it is where it should be.
  if (state.moved && state.status === 'active' && terms.visitDate === day.visitDate) return ok([]);
  if (state.status !== 'active') return refuse({ code: 'ticket_not_movable', status: state.status });
  if (state.moved) return refuse({ code: 'already_moved' });
  if (today >= terms.visitDate) return refuse({ code: 'too_late_to_move' });
  if (day.visitDate === terms.visitDate) return ok([]);
  const differenceTyiyn = day.priceTyiyn - state.paidTyiyn;
  if (differenceTyiyn > 0n) return refuse({ code: 'move_costs_more', differenceTyiyn });
  const moved: TicketMoved = {
    type: 'TicketMoved',
    data: {
      ...placeOf(terms),
      ...day,
      subjectId: terms.subjectId,
      fromDate: terms.visitDate,
      paymentId: state.paymentId,
      paidTyiyn: day.priceTyiyn,
      refundTyiyn: -differenceTyiyn,
      admissionCode,
      movedAtMs: nowMs,
    },
  };
  return ok([moved]);
}
