import { Type, type Static } from 'typebox';
import { formatSom, parseSom } from '../../../kernel/money.ts';
import type { FieldError } from '../../../infrastructure/http/problem.ts';
import { money } from '../../../infrastructure/http/schemas.ts';
import type { Figures } from '../application/ports.ts';
import { tierExamples, tierFields, toTierItem } from './tier-schema.ts';

const figureFields = {
  tiers: Type.Array(Type.Object(tierFields), {
    minItems: 1,
    maxItems: 20,
    description: 'Rising from one that begins at 0',
  }),
  earning_sum: money('Money that earns one point'),
  point_value: money('What one spent point takes off a price'),
  spendable_percent: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'Most of a price after promo code and tier that points may pay',
  }),
  valid_months: Type.Integer({
    minimum: 1,
    maximum: 120,
    description: 'How long points can be spent and count for the tier',
  }),
  returned_days: Type.Integer({
    minimum: 0,
    maximum: 366,
    description: 'How long points that come back can be spent at least',
  }),
};

const LoyaltyFigures = Type.Object(figureFields, { $id: 'LoyaltyFigures' });
export const FiguresBody = Type.Object(figureFields);

export const figuresExample = {
  tiers: tierExamples,
  earning_sum: '10.00',
  point_value: '1.00',
  spendable_percent: 50,
  valid_months: 12,
  returned_days: 30,
};

export const figuresAnswer = {
  description: 'The figures in force',
  headers: { ETag: 'Version of the figures, for If-Match' },
  schema: LoyaltyFigures,
  example: figuresExample,
};

export const toFiguresBody = (figures: Figures): Static<typeof LoyaltyFigures> => ({
  tiers: figures.tiers.map(toTierItem),
  earning_sum: formatSom(figures.earningTyiyn),
  point_value: formatSom(figures.worthTyiyn),
  spendable_percent: figures.spendablePercent,
  valid_months: figures.validMonths,
  returned_days: figures.returnedDays,
});

export const toFigures = (body: Static<typeof FiguresBody>): Figures => ({
  tiers: body.tiers.map((tier) => ({
    name: tier.name,
    minimumPoints: tier.min_points,
    discountPercent: tier.discount_percent,
  })),
  // What is too long to be an amount is refused like one that is too small.
  earningTyiyn: parseSom(body.earning_sum) ?? 0n,
  worthTyiyn: parseSom(body.point_value) ?? 0n,
  spendablePercent: body.spendable_percent,
  validMonths: body.valid_months,
  returnedDays: body.returned_days,
});

const IN_BODY: Readonly<Record<string, string>> = {
  minimumPoints: 'min_points',
  discountPercent: 'discount_percent',
  earningTyiyn: 'earning_sum',
  worthTyiyn: 'point_value',
  spendablePercent: 'spendable_percent',
  validMonths: 'valid_months',
  returnedDays: 'returned_days',
};

/** A fault in the words of the body. */
export const toFieldError = ({ path, message }: FieldError): FieldError => ({
  path: path
    .split('.')
    .map((word) => IN_BODY[word] ?? word)
    .join('.'),
  message,
});
