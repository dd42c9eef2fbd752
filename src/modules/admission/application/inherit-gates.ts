import { step, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import { addDays, type Clock, type Zone } from '../../../kernel/time.ts';
import { entryAccount, entryLimit, inheritedGateDay, type GateDay } from '../domain/entry-limit.ts';
import type { GateDayStreams } from './gate-day-streams.ts';
import type { GateRules, HomeOf, PeopleInside } from './ports.ts';

/**
 * What headquarters writes when it begins to serve gates of a node of which nothing is taken any more and which is still at home
 * there. Today, and yesterday for those who go out late.
 */
export type InheritGates = (parkId: string, ofNode: string) => Promise<readonly Step<never>[]>;

/**
 * What a park's node writes when it has back what it lost, or what the machine before it told: of the same days, as far as it
 * is the one that keeps their counters. Nobody else may write meanwhile.
 */
export type GoOnAtGates = (parkId: string) => Promise<readonly Step<never>[]>;

type Dependencies = {
  readonly store: Pick<EventStore, 'balances'>;
  readonly runner: Pick<CommandRunner, 'stateOf'>;
  readonly gateDayStreams: GateDayStreams;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly gateRules: GateRules;
  readonly homeOf: HomeOf;
  /** By what was told of the tickets. */
  readonly toldInside: PeopleInside;
};

async function daysOf({ clock, zone, gateRules }: Dependencies, parkId: string): Promise<readonly GateDay[]> {
  const { timeZone } = await gateRules(parkId);
  const today = zone.dateAt(clock.now(), timeZone);
  return [addDays(today, -1), today].map((visitDate) => ({ parkId, visitDate }));
}

/** The counters of the days are what was told of their tickets. */
async function stepsFor(
  { store, runner, nodeId, gateDayStreams, toldInside }: Dependencies,
  days: readonly GateDay[],
  ofNode: string,
): Promise<readonly Step<never>[]> {
  const [told, counted] = await Promise.all([
    toldInside(days),
    store.balances(days.flatMap((day) => [entryAccount(day, 'room'), entryAccount(day, 'inside')])),
  ]);
  return Promise.all(
    days.map(async (day, index) => {
      const [room = 0, inside = 0] = counted.slice(2 * index);
      const { people } = (await runner.stateOf(entryLimit, await gateDayStreams.limitOf(day, ofNode))).state;
      const command = { ...day, ofNode, people, inside: told[index] ?? 0, before: { room, inside } };
      return step(inheritedGateDay, await gateDayStreams.limitOf(day, nodeId), command);
    }),
  );
}

export const createInheritGates =
  (dependencies: Dependencies): InheritGates =>
  async (parkId, ofNode) => {
    const days = await daysOf(dependencies, parkId);
    const homes = await Promise.all(days.map(({ visitDate }) => dependencies.homeOf(parkId, visitDate)));
    const its = days.filter((_day, index) => homes[index] === ofNode);
    return stepsFor(dependencies, its, ofNode);
  };

/** The home of a day may not be known yet on a new machine; the limit of a day is told to nobody but its own keeper. */
export const createGoOnAtGates =
  (dependencies: Dependencies): GoOnAtGates =>
  async (parkId) =>
    stepsFor(dependencies, await daysOf(dependencies, parkId), dependencies.nodeId);
