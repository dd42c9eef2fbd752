import { step, type Step } from '../../../kernel/command-runner.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, type Clock, type Zone } from '../../../kernel/time.ts';
import { entryAccount, inheritedGateDay } from '../domain/entry-limit.ts';
import { entryLimitStreamId } from './entry-limits.ts';
import type { GateRules, HomeOf, PeopleInside } from './ports.ts';

/**
 * What headquarters writes when it begins to serve gates of a node of which nothing is taken any more and which is still at home
 * there. Today, and yesterday for those who go out late.
 */
export type InheritGates = (parkId: string, ofNode: string) => Promise<readonly Step<never>[]>;

type Dependencies = {
  readonly store: Pick<EventStore, 'balances'>;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly gateRules: GateRules;
  readonly homeOf: HomeOf;
  /** By what was told of the tickets. */
  readonly toldInside: PeopleInside;
};

export const createInheritGates =
  ({ store, ids, clock, zone, gateRules, homeOf, toldInside }: Dependencies): InheritGates =>
  async (parkId, ofNode) => {
    const { timeZone } = await gateRules(parkId);
    const today = zone.dateAt(clock.now(), timeZone);
    const dates = [addDays(today, -1), today];
    const homes = await Promise.all(dates.map((date) => homeOf(parkId, date)));
    const days = dates.filter((_date, index) => homes[index] === ofNode).map((visitDate) => ({ parkId, visitDate }));
    const [told, counted] = await Promise.all([
      toldInside(days),
      store.balances(days.flatMap((day) => [entryAccount(day, 'room'), entryAccount(day, 'inside')])),
    ]);
    return days.map((day, index) => {
      const [room = 0, inside = 0] = counted.slice(2 * index);
      const command = { ...day, ofNode, inside: told[index] ?? 0, before: { room, inside } };
      return step(inheritedGateDay, entryLimitStreamId(ids, day), command);
    });
  };
