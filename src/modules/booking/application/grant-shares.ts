import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { CapacityAsked, CapacityGranted, CapacityReturned } from '../contract.ts';
import { capacityAccount } from '../domain/capacity.ts';
import { dayGrants, placesOnTheWay, type GrantCommand } from '../domain/day-grants.ts';
import { parkShare } from '../domain/park-share.ts';
import { answerTo, walkUpShare } from '../domain/share-rules.ts';
import type { OpenDay } from './open-day.ts';
import type { HomeOf, IncarnationOf, IsFenced, ParkDays, WalkUpShares } from './ports.ts';
import { grantsStreamId, shareStreamId } from './share-streams.ts';

/** Today and this many days after it are granted their walk-up share. */
const DAYS_AHEAD = 2;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'balances'>;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly homeOf: HomeOf;
  readonly incarnationOf: IncarnationOf;
  readonly ownIncarnation: () => Promise<string>;
  readonly walkUpShares: WalkUpShares;
  readonly parkDays: ParkDays;
  readonly openDay: OpenDay;
  readonly isFenced: IsFenced;
};

/** What headquarters gives the parks' own nodes of the places of a day, and has back from them. Harmless to repeat. */
export type GrantShares = {
  /** Gives every park with a node of its own the walk-up share of the next days; answers how many days got theirs. */
  grantWalkUps(meta: CommandMeta): Promise<number>;
  /** Answers the newest question of a park; what it asked before is in it. */
  answerAsk(ask: CapacityAsked['data'], meta: CommandMeta): Promise<void>;
  takeBack(returned: CapacityReturned['data'], meta: CommandMeta): Promise<void>;
  /** Asks the park for what a lowered quota lacks. @param requestId one for each change of the quota */
  coverDeficit(
    day: { readonly parkId: string; readonly date: LocalDate },
    requestId: string,
    meta: CommandMeta,
  ): Promise<void>;
};

type Grant = Omit<CapacityGranted['data'], 'fromNode' | 'grantedAtMs'>;

/** What headquarters says on the streams of its grants. */
function createGrantTeller({ runner, store, ids, clock, nodeId, isFenced }: Dependencies) {
  /** Whether it was stored; it is not where others took the places meanwhile. */
  async function tell(command: GrantCommand, meta: CommandMeta): Promise<boolean> {
    const { parkId, date } = command;
    const done = await runner.run(dayGrants, grantsStreamId(ids, parkId, date), command, { ...meta, parkId });
    if (done.ok) return done.value.events.length > 0;
    const isShort = command.kind === 'grant' && done.refusal.code === 'insufficient';
    assert(isShort, `${command.kind} of ${parkId} on ${date} was refused as ${done.refusal.code}`);
    return false;
  }

  async function balanceOf(parkId: string, date: LocalDate, bucket: 'free' | 'granted'): Promise<number> {
    const [balance = 0] = await store.balances([capacityAccount(parkId, date, bucket)]);
    return balance;
  }

  /** @param wished how much of what is free */
  async function grant(
    give: Omit<Grant, 'places'>,
    wished: (free: number) => number,
    meta: CommandMeta,
  ): Promise<boolean> {
    // What it seems to have it may have granted before.
    if (await isFenced(give.parkId, give.date)) return false;
    const places = wished(await balanceOf(give.parkId, give.date, 'free'));
    if (places <= 0) return false;
    return tell({ kind: 'grant', ...give, places, fromNode: nodeId, grantedAtMs: clock.now() }, meta);
  }

  return { tell, balanceOf, grant };
}

/** How many places are on their way to who asks; null where the question is not the newest, or places have come since. */
const createOnTheWayTo =
  ({ runner, ids }: Pick<Dependencies, 'runner' | 'ids'>) =>
  async ({ askId, parkId, date, nodeId, incarnation }: CapacityAsked['data']): Promise<number | null> => {
    const [{ state: share }, { state: grants }] = await Promise.all([
      runner.stateOf(parkShare, shareStreamId(ids, parkId, date, nodeId)),
      runner.stateOf(dayGrants, grantsStreamId(ids, parkId, date)),
    ]);
    // A park that was cut off has asked again and again for the same places.
    return share.openAsk?.askId === askId ? placesOnTheWay(grants, incarnation, share.grants) : null;
  };

/** Whether a node had its walk-up share of a day. Who had it once is not asked about again: it stays so while this log goes on. */
function createHadShare({ runner, ids }: Pick<Dependencies, 'runner' | 'ids'>) {
  const had = new Set<string>();
  return {
    async of(parkId: string, date: LocalDate, toNode: string): Promise<boolean> {
      const name = `${date} ${toNode} ${parkId}`;
      if (had.has(name)) return true;
      const { state } = await runner.stateOf(dayGrants, grantsStreamId(ids, parkId, date));
      if (!state.walkUps.has(toNode)) return false;
      had.add(name);
      return true;
    },
    /** Days before it are not asked about any more. */
    forgetBefore(date: LocalDate): void {
      for (const name of had) if (name < date) had.delete(name);
    },
  };
}

export function createGrantShares(dependencies: Dependencies): GrantShares {
  const { runner, ids, clock, zone, nodeId, homeOf, incarnationOf, ownIncarnation } = dependencies;
  const { walkUpShares, parkDays, openDay } = dependencies;
  const { tell, balanceOf, grant } = createGrantTeller(dependencies);
  const onTheWayTo = createOnTheWayTo(dependencies);
  const hadShare = createHadShare(dependencies);

  /** In another life of this log the same name stands for other places: what was granted before is remembered as it was. */
  const grantIdOf = async (name: string): Promise<string> => ids.derive(`${name}/${await ownIncarnation()}`);

  async function grantDay(
    { parkId, percent }: Awaited<ReturnType<WalkUpShares>>[number],
    date: LocalDate,
    toNode: string,
    meta: CommandMeta,
  ): Promise<boolean> {
    if (toNode === nodeId || (await hadShare.of(parkId, date, toNode))) return false;
    const [toIncarnation, offer] = await Promise.all([incarnationOf(toNode), parkDays(parkId, date)]);
    if (toIncarnation === null || offer === null || offer.hours === null) return false;
    const share = walkUpShare(offer.dayQuota, percent);
    if (share === 0) return false;
    await openDay(parkId, date, offer.dayQuota, { ...meta, parkId });
    const grantId = await grantIdOf(`walk-up-share:${parkId}/${date}/${toNode}`);
    const give = { parkId, date, grantId, toNode, toIncarnation, askId: null };
    return grant(give, (free) => Math.min(share, free), meta);
  }

  async function answerAsk(ask: CapacityAsked['data'], meta: CommandMeta): Promise<void> {
    const { askId, parkId, date, places, nodeId: toNode, incarnation: toIncarnation } = ask;
    // Only the home of a day may sell at its gates.
    if (toNode === nodeId || (await homeOf(parkId, date)) !== toNode) return;
    const onTheWay = await onTheWayTo(ask);
    if (onTheWay === null) return;
    const give = { parkId, date, grantId: await grantIdOf(`answer:${askId}`), toNode, toIncarnation, askId };
    await grant(give, (free) => answerTo(places, onTheWay, free), meta);
  }

  /** What a day lacks, and what had come back of a node by then. */
  async function lacking(parkId: string, date: LocalDate, ofNode: string) {
    const taken = async () =>
      (await runner.stateOf(dayGrants, grantsStreamId(ids, parkId, date))).state.taken.get(ofNode) ?? 0;
    for (;;) {
      const takenPlaces = await taken();
      const [free, granted] = await Promise.all([balanceOf(parkId, date, 'free'), balanceOf(parkId, date, 'granted')]);
      if ((await taken()) === takenPlaces) return { places: Math.min(-free, granted), takenPlaces };
    }
  }

  return {
    async grantWalkUps(meta) {
      const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
      let granted = 0;
      const dates = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => addDays(today, ahead));
      for (const share of await walkUpShares()) {
        const homes = await Promise.all(dates.map((date) => homeOf(share.parkId, date)));
        for (const [ahead, date] of dates.entries()) {
          if (await grantDay(share, date, homes[ahead] ?? nodeId, meta)) granted += 1;
        }
      }
      hadShare.forgetBefore(today);
      return granted;
    },
    answerAsk,
    async takeBack({ returnId, parkId, date, places, nodeId: fromNode }, meta) {
      if (fromNode === nodeId) return;
      await tell({ kind: 'take_back', returnId, parkId, date, places, fromNode, takenAtMs: clock.now() }, meta);
    },
    async coverDeficit({ parkId, date }, requestId, meta) {
      const ofNode = await homeOf(parkId, date);
      const { places, takenPlaces } = await lacking(parkId, date, ofNode);
      if (places <= 0 || ofNode === nodeId) return;
      const ask = { requestId, parkId, date, places, ofNode, takenPlaces, askedAtMs: clock.now() };
      await tell({ kind: 'ask_back', ...ask }, meta);
    },
  };
}
