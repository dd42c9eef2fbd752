import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { promoAccount } from './ticket-transfers.ts';

/** What a promo code grants, to whom and when. */
export type PromoTerms = {
  /** Percent off, or else a sum: one of the two is null. */
  readonly percent: number | null;
  readonly sumTyiyn: Tyiyn | null;
  readonly validFrom: LocalDate;
  /** The last day. */
  readonly validUntil: LocalDate;
  /** Whether the two dates are those of the visit or of the purchase. */
  readonly datesOf: 'visit' | 'purchase';
  /** All parks when empty. */
  readonly parkIds: readonly string[];
  readonly minPriceTyiyn: Tyiyn;
  readonly totalLimit: number;
  readonly limitPerGuest: number;
  readonly active: boolean;
};

export type PromoCode = PromoTerms & { readonly promoId: string; readonly code: string };

export type PromoCodeCreated = { readonly type: 'PromoCodeCreated'; readonly data: PromoCode };
export type PromoCodeChanged = {
  readonly type: 'PromoCodeChanged';
  readonly data: PromoCode & { readonly formerTotalLimit: number };
};
export type PromoEvent = PromoCodeCreated | PromoCodeChanged;

type PromoCommand =
  | { readonly kind: 'create'; readonly promo: PromoCode }
  | { readonly kind: 'change'; readonly terms: PromoTerms; readonly version: number };

type PromoRefusal = { readonly code: 'promo_not_found' | 'version_differs' };

export type PromoState = { readonly promo: PromoCode | null; readonly version: number };

/** A promo code. The uses that are left are a counter, so that no two buyers in any process share the last one. */
export const promoCode: Decider<PromoCommand, PromoState, PromoEvent, PromoRefusal> = {
  aggregateType: 'PromoCode',
  initial: { promo: null, version: 0 },
  decide(command, { promo, version }) {
    if (command.kind === 'create') return ok(promo === null ? [{ type: 'PromoCodeCreated', data: command.promo }] : []);
    if (promo === null) return refuse({ code: 'promo_not_found' });
    if (command.version !== version) return refuse({ code: 'version_differs' });
    const { promoId, code, totalLimit } = promo;
    return ok([{ type: 'PromoCodeChanged', data: { promoId, code, ...command.terms, formerTotalLimit: totalLimit } }]);
  },
  evolve(state, { data }) {
    return { promo: data, version: state.version + 1 };
  },
  transfersOf(event): readonly Transfer[] {
    const left = promoAccount(event.data.promoId, null, 'left');
    switch (event.type) {
      case 'PromoCodeCreated':
        return [{ from: null, to: left, amount: event.data.totalLimit }];
      case 'PromoCodeChanged': {
        const { formerTotalLimit, totalLimit } = event.data;
        if (totalLimit === formerTotalLimit) return [];
        return totalLimit > formerTotalLimit
          ? [{ from: null, to: left, amount: totalLimit - formerTotalLimit }]
          : // Uses already made may then be more than the limit: nothing is left until enough of them came back.
            [{ from: left, to: null, amount: formerTotalLimit - totalLimit, overdraws: true }];
      }
      default:
        return unreachable(event, 'promo code event');
    }
  },
};

/** Uses that one guest has got of a code. */
export type PromoAllowanceGranted = {
  readonly type: 'PromoAllowanceGranted';
  readonly data: { readonly promoId: string; readonly userId: string; readonly uses: number };
};

type GrantCommand = { readonly promoId: string; readonly userId: string; readonly limit: number };

/** Opens a guest's own counter of a code with its limit, and tops it up when the limit was raised. */
export const promoAllowance: Decider<GrantCommand, { readonly granted: number }, PromoAllowanceGranted, never> = {
  aggregateType: 'PromoAllowance',
  initial: { granted: 0 },
  decide({ promoId, userId, limit }, { granted }) {
    const data = { promoId, userId, uses: limit - granted };
    return ok(limit > granted ? [{ type: 'PromoAllowanceGranted', data }] : []);
  },
  evolve: ({ granted }, { data }) => ({ granted: granted + data.uses }),
  transfersOf: ({ data: { promoId, userId, uses } }) => [
    { from: null, to: promoAccount(promoId, userId, 'left'), amount: uses },
  ],
};

export type PromoObstacle = 'promo_not_found' | 'promo_expired' | 'promo_not_applicable';

/** Why a code takes nothing off this visit, whatever uses are left; null when it does. */
export function promoObstacle(
  promo: PromoCode,
  visit: {
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly today: LocalDate;
    /** Before the code and what comes after it. */
    readonly priceTyiyn: Tyiyn;
  },
): PromoObstacle | null {
  if (!promo.active) return 'promo_not_found';
  const date = promo.datesOf === 'visit' ? visit.visitDate : visit.today;
  if (date > promo.validUntil) return 'promo_expired';
  const fits =
    date >= promo.validFrom &&
    (promo.parkIds.length === 0 || promo.parkIds.includes(visit.parkId)) &&
    visit.priceTyiyn >= promo.minPriceTyiyn;
  return fits ? null : 'promo_not_applicable';
}
