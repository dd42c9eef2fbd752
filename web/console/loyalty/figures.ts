import type { components } from '../../../clients/typescript/schema.d.ts';
import { typed } from '../../shared/ui/typed.ts';
import { amountOf } from '../../shared/format/amount.ts';

export type Figures = components['schemas']['LoyaltyFigures'];
export type Tier = Figures['tiers'][number];

/** What the form of the programme asks for, with the tiers by their points. */
export function figuresFrom(fields: FormData): Figures {
  const all = (name: string): readonly string[] => fields.getAll(name).filter((one) => typeof one === 'string');
  const points = all('points');
  const percents = all('percent');
  const tiers = all('tier').map((name, index) => ({
    name: name.trim(),
    min_points: Number(points[index]),
    discount_percent: Number(percents[index]),
  }));
  return {
    tiers: tiers.toSorted((a, b) => a.min_points - b.min_points),
    earning_sum: amountOf(typed(fields, 'earning')) ?? '',
    point_value: amountOf(typed(fields, 'value')) ?? '',
    spendable_percent: Number(typed(fields, 'spendable')),
    valid_months: Number(typed(fields, 'months')),
    returned_days: Number(typed(fields, 'days')),
  };
}
