import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Price } from '../domain/pricing.ts';
import type { PassRefusal } from '../domain/pass.ts';
import type { PassObstacle } from './pass-visits.ts';
import type { PlanVisit, VisitRefusal, VisitRequest } from './plan-visit.ts';
import type { PromoUses } from './promo-uses.ts';

export type QuoteTicket = (
  request: VisitRequest,
) => Promise<Result<Price, VisitRefusal | PassRefusal | { readonly code: 'unauthorized' }>>;

type Dependencies = {
  readonly planVisit: PlanVisit;
  readonly promoUses: Pick<PromoUses, 'areLeft'>;
  readonly passObstacle: PassObstacle;
};

/** The price of a visit, with nothing held. Children of a profile, points and a pass can only be named by their signed-in owner. */
export function createQuoteTicket({ planVisit, promoUses, passObstacle }: Dependencies): QuoteTicket {
  return async (request) => {
    const { userId, children, points, passId } = request;
    const isPersonal = points !== undefined || passId !== undefined;
    if (userId === null && (isPersonal || children.some((child) => 'childId' in child))) {
      return refuse({ code: 'unauthorized' });
    }
    const planned = await planVisit(request);
    if (!planned.ok) return planned;
    const { promo, limitPerGuest, price, places } = planned.value;
    const guest = userId === null ? null : { userId, limitPerGuest };
    if (promo !== null && !(await promoUses.areLeft(promo.promoId, guest))) return refuse({ code: 'promo_used_up' });
    const obstacle = passId === undefined ? null : await passObstacle(passId, { ...request, places });
    return obstacle === null ? ok(price) : refuse(obstacle);
  };
}
