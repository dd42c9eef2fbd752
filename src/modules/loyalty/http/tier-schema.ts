import { Type, type Static } from 'typebox';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { Tier } from '../application/ports.ts';

export const tierFields = {
  name: text(40, { example: 'explorer' }),
  min_points: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: 'Points earned within the last months from which on the tier holds',
  }),
  discount_percent: Type.Integer({ minimum: 0, maximum: 100, description: 'Percent off a ticket' }),
};

export const LoyaltyTier = Type.Object(tierFields, { $id: 'LoyaltyTier' });

export const tierExamples = [
  { name: 'beginner', min_points: 0, discount_percent: 0 },
  { name: 'explorer', min_points: 500, discount_percent: 3 },
];

export const toTierItem = ({ name, minimumPoints, discountPercent }: Tier): Static<typeof LoyaltyTier> => ({
  name,
  min_points: minimumPoints,
  discount_percent: discountPercent,
});
