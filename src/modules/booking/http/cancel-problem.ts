import { problem } from '../../../infrastructure/http/problem.ts';
import type { CancelRefusal } from '../application/cancel-ticket.ts';

export const cancelProblems = [
  'ticket_not_found',
  'ticket_not_cancellable',
  'only_staff_cancels_today',
  'already_admitted',
  'not_home',
] as const;

export function cancelProblem(refusal: CancelRefusal) {
  switch (refusal.code) {
    case 'ticket_not_cancellable':
      return problem('ticket_not_cancellable', { extra: { ticket_status: refusal.status } });
    case 'already_admitted':
      return problem('already_admitted', { extra: { people_admitted: refusal.entered } });
    default:
      return problem(refusal.code);
  }
}
