import type { components } from '../../../clients/typescript/schema.d.ts';
import { typed } from '../../shared/ui/typed.ts';
import { amountOf } from '../../shared/format/amount.ts';

export type PromoCode = components['schemas']['PromoCode'];
export type PromoTerms = Omit<PromoCode, 'id' | 'code' | 'used'>;

/** What the form of a code asks for. */
export function termsFrom(fields: FormData): PromoTerms {
  const isPercent = typed(fields, 'kind') === 'percent';
  const off = typed(fields, 'off');
  return {
    percent: isPercent ? Number(off) : null,
    sum: isPercent ? null : amountOf(off),
    valid_from: typed(fields, 'from'),
    valid_until: typed(fields, 'until'),
    dates_of: typed(fields, 'dates') === 'purchase' ? 'purchase' : 'visit',
    park_ids: fields.getAll('park').filter((one) => typeof one === 'string'),
    min_price: amountOf(typed(fields, 'minPrice')) ?? '0.00',
    total_limit: Number(typed(fields, 'total')),
    limit_per_guest: Number(typed(fields, 'perGuest')),
    active: fields.get('active') !== null,
  };
}
