import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { LoyaltyFiguresChanged } from '../domain/programme.ts';
import type { PointsEarned, PointsEvent } from '../domain/points-messages.ts';

const TYPES = [
  'PointsReserved',
  'PointsReturned',
  'RefundCounted',
  'PointsReversed',
  'PointsLapsed',
] as const satisfies readonly PointsEvent['type'][];

/** How the events of this module are stored. None of them holds anything personal. */
export const loyaltyEvents: readonly EventDefinition[] = [
  defineEvent<PointsEarned>({
    type: 'PointsEarned',
    version: 2,
    // Before there were debts, all that was earned could be spent.
    upcasts: {
      1: (data) => ({
        ...data,
        lots: [{ points: data['points'] ?? null, expiresAtMs: data['expiresAtMs'] ?? null }],
      }),
    },
  }),
  defineEvent<LoyaltyFiguresChanged>({ type: 'LoyaltyFiguresChanged', version: 1 }),
  ...TYPES.map((type) => defineEvent<PointsEvent>({ type, version: 1 })),
];
