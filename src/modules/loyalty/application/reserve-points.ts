import { step, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { PointsReservation } from '../contract.ts';
import { points } from '../domain/points.ts';
import type { PointsRefusal } from '../domain/points-messages.ts';
import { pointsStream } from './points-of.ts';

/** The guest's part in the append that makes a ticket: either the points are there, or nothing of it is stored. */
export type ReserveStep = (reservation: PointsReservation) => Step<PointsRefusal>;

export const createReserveStep =
  (ids: Ids): ReserveStep =>
  (reservation) =>
    step(points, pointsStream(ids, reservation.userId), { kind: 'reserve', ...reservation });
