import { step, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { NodeRole } from '../../../kernel/node-role.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { parkHome, stillHome, type ParkHomeRefusal } from '../domain/park-home.ts';
import { HEADQUARTERS } from './home-of.ts';
import type { HasAdmitted } from './ports.ts';

export type HomeTools = {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly hasAdmitted: HasAdmitted;
  /** Of headquarters itself. */
  readonly nodeId: string;
};

export type StillHomeStep = (parkId: string, date: LocalDate) => Step<{ readonly code: 'home_changed' }>;

/** Keeps what this node does as the home of a day from being stored once it is not. Where no node was ever at home, headquarters is. */
export const createStillHomeStep =
  ({ ids, nodeId, role }: Pick<HomeTools, 'ids' | 'nodeId'> & { readonly role: NodeRole }): StillHomeStep =>
  (parkId, date) => {
    const headquarters = role === 'hq' ? nodeId : HEADQUARTERS;
    return step(stillHome, ids.derive(`park-home:${parkId}`), { nodeId, date, headquarters });
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
