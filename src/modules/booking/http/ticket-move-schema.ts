import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { date, instant, money } from '../../../infrastructure/http/schemas.ts';
import type { LeavingView, PendingMoveView } from '../application/ticket-view.ts';

export const PendingMove = Type.Object(
  {
    visit_date: date('The day it goes to'),
    price: money('What the ticket costs on that day'),
    amount_due: money('The difference, to be paid by `POST /payments`'),
    expires_at: instant('Until when the places of that day are held'),
  },
  {
    description: 'A move to a dearer day that waits for its difference; until then the ticket is good for its old day',
  },
);

export const Leaving = Type.Object(
  {
    visit_date: date('The old day'),
    refund: money('What the new day costs less, and goes back then; 0.00 when it costs no less'),
  },
  {
    description:
      'The ticket is good for its new day, and the park has not said yet that nobody came in on the old one. Should somebody have come in, the ticket is for the old day again, and what was paid for the move goes back',
  },
);

export const toPendingMove = (move: PendingMoveView | null) =>
  move === null
    ? null
    : {
        visit_date: move.visitDate,
        price: formatSom(move.priceTyiyn),
        amount_due: formatSom(move.dueTyiyn),
        expires_at: toInstant(move.expiresAtMs),
      };

export const toLeaving = (leaving: LeavingView | null) =>
  leaving === null ? null : { visit_date: leaving.visitDate, refund: formatSom(leaving.refundTyiyn) };
