import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Price } from '../domain/pricing.ts';
import type { PlanVisit, VisitRefusal, VisitRequest } from './plan-visit.ts';
import type { PromoUses } from './promo-uses.ts';

export type QuoteTicket = (
  request: VisitRequest,
) => Promise<Result<Price, VisitRefusal | { readonly code: 'unauthorized' }>>;

/** The price of a visit, with nothing held. Children of a profile and points can only be named by their signed-in owner. */
export function createQuoteTicket(planVisit: PlanVisit, promoUses: Pick<PromoUses, 'areLeft'>): QuoteTicket {
  return async (request) => {
    const { userId, children, points } = request;
    if (userId === null && (points !== undefined || children.some((child) => 'childId' in child))) {
      return refuse({ code: 'unauthorized' });
    }
    const planned = await planVisit(request);
    if (!planned.ok) return planned;
    const { promo, limitPerGuest, price } = planned.value;
    const guest = userId === null ? null : { userId, limitPerGuest };
    if (promo !== null && !(await promoUses.areLeft(promo.promoId, guest))) return refuse({ code: 'promo_used_up' });
    return ok(price);
  };
}
