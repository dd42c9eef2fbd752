import { Type, type Static } from 'typebox';
import { formatSom, parseSom } from '../../../kernel/money.ts';
import { isLocalDate } from '../../../kernel/time.ts';
import type { FieldError } from '../../../infrastructure/http/problem.ts';
import { date, money, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { PromoCodeView, PromoTerms } from '../application/promo-codes.ts';
import { parkSlug } from './ticket-schema.ts';

export const promoCodeText = Type.String({ pattern: '^[A-Za-z0-9_-]{3,40}$', maxLength: 40, example: 'WINTER26' });

export const promoFields = {
  percent: nullable(Type.Integer({ minimum: 1, maximum: 100, description: 'Off the price; null for a sum' })),
  sum: nullable(money('Off the price; null for a percent')),
  valid_from: date('First day'),
  valid_until: date('Last day'),
  dates_of: oneOf(['visit', 'purchase'] as const, 'Whether the two dates are those of the visit or of the purchase'),
  park_ids: Type.Array(parkSlug, { maxItems: 100, description: 'All parks when empty' }),
  min_price: money('Of the visit before the code'),
  total_limit: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Uses of everybody together' }),
  limit_per_guest: Type.Integer({
    minimum: 1,
    maximum: 1000,
    description: 'A lower limit counts for guests who have not used the code yet',
  }),
  active: Type.Boolean(),
};

export const PromoCodeSchema = Type.Object(
  { id: uuid(), code: Type.String(), ...promoFields, used: Type.Integer({ description: 'Uses that count' }) },
  { $id: 'PromoCode' },
);

export const promoBodyExample = {
  percent: 15,
  sum: null,
  valid_from: '2026-12-01',
  valid_until: '2027-01-10',
  dates_of: 'visit',
  park_ids: [],
  min_price: '500.00',
  total_limit: 1000,
  limit_per_guest: 1,
  active: true,
} as const;

export const promoExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  code: 'WINTER26',
  ...promoBodyExample,
  used: 12,
};

export const toPromo = (view: PromoCodeView) => ({
  id: view.promoId,
  code: view.code,
  percent: view.percent,
  sum: view.sumTyiyn === null ? null : formatSom(view.sumTyiyn),
  valid_from: view.validFrom,
  valid_until: view.validUntil,
  dates_of: view.datesOf,
  park_ids: [...view.parkIds],
  min_price: formatSom(view.minPriceTyiyn),
  total_limit: view.totalLimit,
  limit_per_guest: view.limitPerGuest,
  active: view.active,
  used: view.used,
});

const _body = Type.Object(promoFields);

/** The terms of a body, or what is wrong with it. */
export function readPromoTerms(body: Static<typeof _body>): PromoTerms | readonly FieldError[] {
  const errors: FieldError[] = [];
  const sumTyiyn = body.sum === null ? null : parseSom(body.sum);
  const minPriceTyiyn = parseSom(body.min_price);
  if ((body.percent === null) === (body.sum === null)) {
    errors.push({ path: 'percent', message: 'either a percent or a sum' });
  }
  if (body.sum !== null && (sumTyiyn === null || sumTyiyn === 0n)) {
    errors.push({ path: 'sum', message: 'must be a sum above zero' });
  }
  if (minPriceTyiyn === null) errors.push({ path: 'min_price', message: 'must be a sum' });
  if (!isLocalDate(body.valid_until) || body.valid_until < body.valid_from) {
    errors.push({ path: 'valid_until', message: 'must not be before valid_from' });
  }
  if (errors.length > 0 || minPriceTyiyn === null) return errors;
  return {
    percent: body.percent,
    sumTyiyn,
    validFrom: body.valid_from,
    validUntil: body.valid_until,
    datesOf: body.dates_of,
    parkIds: body.park_ids,
    minPriceTyiyn,
    totalLimit: body.total_limit,
    limitPerGuest: body.limit_per_guest,
    active: body.active,
  };
}
