import { defineEvent } from '../../../kernel/event-definition.ts';
import type { PointsEarned } from '../domain/points.ts';

/** How the events of this module are stored. None of them holds anything personal. */
export const loyaltyEvents = [defineEvent<PointsEarned>({ type: 'PointsEarned', version: 1 })];
