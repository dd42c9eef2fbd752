import { ok } from '../../../kernel/result.ts';
import type { TicketSaleRemembered } from './remembered-sale.ts';
import { placeOf } from './ticket-messages.ts';
import type { CommandOf, TicketDecision, TicketState, TicketTerms } from './ticket-messages.ts';

/**
 * Headquarters was set back and does not know that a ticket was paid for, while its park knows, or has let somebody in by it. The ticket is
 * good and its places are sold; its money is still to be found.
 */
export function rememberSale(
  { admissionCode, nowMs }: CommandOf<'remember_sale'>,
  state: TicketState,
  terms: TicketTerms,
): TicketDecision {
  if (state.activated || (state.status !== 'held' && state.status !== 'expired')) return ok([]);
  const placesFrom = state.status === 'held' ? 'held' : 'free';
  const data = {
    ...placeOf(terms),
    subjectId: terms.subjectId,
    placesFrom,
    admissionCode,
    rememberedAtMs: nowMs,
  } as const;
  return ok([{ type: 'TicketSaleRemembered', data }]);
}

/** What it is worth from then on: where its hold had ended, points and promo code have gone back. */
export function afterSaleRemembered(
  state: TicketState,
  terms: TicketTerms,
  { placesFrom }: TicketSaleRemembered['data'],
): TicketState {
  const kept = placesFrom === 'held' ? terms : { ...terms, promo: null, pointsSpent: 0 };
  return { ...state, status: 'active', activated: true, terms: kept, awaitsPayment: true };
}
