import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { CapacityReturned } from '../contract.ts';
import { capacityAccount } from '../domain/capacity.ts';
import { parkShare, type ShareCommand, type ShareState } from '../domain/park-share.ts';
import type { WalkUpShares } from './ports.ts';
import { shareStreamId } from './share-streams.ts';

/** Days that are over are looked at this long, for holds that end and grants that arrive late; and those ahead that may be granted. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 2;

export type ShareDay = { readonly parkId: string; readonly date: LocalDate };

export type ShareDependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'balances'>;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  /** The parks that may be this node's. */
  readonly walkUpShares: WalkUpShares;
};

/** What a park's own node says on the streams of its shares. */
export function createShareTeller({ runner, store, ids, clock, zone, nodeId, walkUpShares }: ShareDependencies) {
  const streamOf = ({ parkId, date }: ShareDay): string => shareStreamId(ids, parkId, date, nodeId);

  /** False where a sale took the places meanwhile: the next round sees what is left. */
  async function tell(day: ShareDay, command: ShareCommand, meta: CommandMeta): Promise<boolean> {
    const done = await runner.run(parkShare, streamOf(day), command, { ...meta, parkId: day.parkId });
    if (done.ok) return done.value.events.length > 0;
    const { code } = done.refusal;
    const isExpected = code === 'insufficient' || (command.kind === 'credit' && code === 'foreign');
    assert(isExpected, `${command.kind} of ${day.parkId} on ${day.date} was refused as ${code}`);
    return false;
  }

  const freeOnEach = (asked: readonly ShareDay[]): Promise<readonly number[]> =>
    store.balances(asked.map(({ parkId, date }) => capacityAccount(parkId, date, 'free')));

  const freeOn = async (day: ShareDay): Promise<number> => (await freeOnEach([day]))[0] ?? 0;

  async function giveBack(
    { parkId, date }: ShareDay,
    places: number,
    why: Pick<CapacityReturned['data'], 'returnId' | 'why' | 'reason'>,
    meta: CommandMeta,
  ): Promise<boolean> {
    if (places <= 0) return false;
    const data = { parkId, date, places, nodeId, returnedAtMs: clock.now(), ...why };
    return tell({ parkId, date }, { kind: 'give_back', ...data }, meta);
  }

  /** The days that may have places of this node. */
  async function days(): Promise<readonly (ShareDay & { readonly isToday: boolean })[]> {
    const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
    const dates = Array.from({ length: DAYS_BACK + 1 + DAYS_AHEAD }, (_, index) => addDays(today, index - DAYS_BACK));
    return (await walkUpShares()).flatMap(({ parkId }) =>
      dates.map((date) => ({ parkId, date, isToday: date === today })),
    );
  }

  const stateOf = async (day: ShareDay): Promise<ShareState> => (await runner.stateOf(parkShare, streamOf(day))).state;

  return { streamOf, tell, stateOf, freeOn, freeOnEach, giveBack, days };
}

export type ShareTeller = ReturnType<typeof createShareTeller>;
