import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { mostPoints, NO_DISCOUNTS, passPriceOf, priceOf, type Discounts, type Price } from '../domain/pricing.ts';
import { promoObstacle, type PromoCode, type PromoObstacle } from '../domain/promo-code.ts';
import type { TicketTerms } from '../domain/ticket-messages.ts';
import type { FindPromo, GuestStandings } from './ports.ts';
import type { VisitDay } from './visit-day.ts';
import type { VisitRequest } from './visit-request.ts';

export type DiscountRefusal =
  | { readonly code: PromoObstacle | 'promo_used_up' }
  | { readonly code: 'points_insufficient'; readonly available: number }
  | { readonly code: 'points_over_limit'; readonly limit: number };

export type PricedVisit = Pick<TicketTerms, 'promo' | 'tier' | 'pointsSpent'> & {
  readonly price: Price;
  /** How often the guest may use the promo code; 0 without one. */
  readonly limitPerGuest: number;
};

/** The price of a visit with everything that is taken off it. */
export type PriceVisit = (
  request: VisitRequest,
  ages: readonly number[],
  day: VisitDay,
) => Promise<Result<PricedVisit, DiscountRefusal>>;

type Dependencies = { readonly findPromo: FindPromo; readonly standings: GuestStandings };

export function createPriceVisit({ findPromo, standings }: Dependencies): PriceVisit {
  async function promoOf(
    { promoCode, parkId, visitDate, adults }: VisitRequest,
    ages: readonly number[],
    { tariff, today }: VisitDay,
  ): Promise<Result<PromoCode | null, DiscountRefusal>> {
    if (promoCode === undefined) return ok(null);
    const promo = await findPromo(promoCode);
    if (promo === null) return refuse({ code: 'promo_not_found' });
    const priceTyiyn = priceOf(ages, adults, tariff).totalTyiyn;
    const obstacle = promoObstacle(promo, { parkId, visitDate, today, priceTyiyn });
    return obstacle === null ? ok(promo) : refuse({ code: obstacle });
  }

  return async (request, ages, day) => {
    const { userId, adults, points = 0, passId } = request;
    if (passId !== undefined) {
      const price = passPriceOf(ages.length + adults);
      return ok({ price, promo: null, limitPerGuest: 0, tier: null, pointsSpent: 0 });
    }
    const found = await promoOf(request, ages, day);
    if (!found.ok) return found;
    // Nobody's tier is taken off for somebody who did not say who they are.
    const standing = userId === null ? null : await standings(userId, day.nowMs);
    const tierPercent = standing?.tierPercent ?? 0;
    const discounts: Discounts = { ...NO_DISCOUNTS, promo: found.value, tierPercent };
    const pointTyiyn = standing?.pointTyiyn ?? 0n;
    const price = priceOf(ages, adults, day.tariff, { ...discounts, pointsTyiyn: pointTyiyn * BigInt(points) });
    if (standing !== null && points > 0) {
      const limit = mostPoints(price.beforePointsTyiyn, standing);
      if (points > limit) return refuse({ code: 'points_over_limit', limit });
      if (points > standing.points) return refuse({ code: 'points_insufficient', available: standing.points });
    }
    return ok({
      price,
      promo: termsOf(found.value),
      limitPerGuest: found.value?.limitPerGuest ?? 0,
      tier: standing !== null && tierPercent > 0 ? { name: standing.tierName, percent: tierPercent } : null,
      pointsSpent: standing === null ? 0 : points,
    });
  };
}

function termsOf(promo: PromoCode | null): TicketTerms['promo'] {
  if (promo === null) return null;
  const { promoId, code, percent, sumTyiyn } = promo;
  return { promoId, code, percent, sumTyiyn };
}
