import { step, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { parkHome, type ParkHomeRefusal } from '../domain/park-home.ts';
import type { HasAdmitted } from './ports.ts';

export type HomeTools = {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly hasAdmitted: HasAdmitted;
  /** Of headquarters itself. */
  readonly nodeId: string;
};

/** Makes headquarters the home of every day that a node was at home on. */
export const inheritStep = (
  { ids, nodeId: headquarters }: Pick<HomeTools, 'ids' | 'nodeId'>,
  { parkId, ofNode }: { readonly parkId: string; readonly ofNode: string },
): Step<ParkHomeRefusal> =>
  step(parkHome, ids.derive(`park-home:${parkId}`), { kind: 'inherit', parkId, ofNode, headquarters });

/** Makes a node the home of a park from a day on, or from the first day after it that can still change its home. */
export async function homeStep(
  { ids, clock, zone, hasAdmitted, nodeId: headquarters }: HomeTools,
  { parkId, nodeId, from }: { readonly parkId: string; readonly nodeId: string; readonly from: LocalDate | null },
): Promise<Step<ParkHomeRefusal>> {
  const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
  const tomorrow = addDays(today, 1);
  const firstDate = (await hasAdmitted(parkId, today)) ? tomorrow : today;
  const wanted = from ?? tomorrow;
  const fromDate = wanted < firstDate ? firstDate : wanted;
  const command = { kind: 'assign', parkId, nodeId, fromDate, firstDate, headquarters } as const;
  return step(parkHome, ids.derive(`park-home:${parkId}`), command);
}
