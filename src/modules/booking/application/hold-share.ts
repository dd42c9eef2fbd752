import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { CapacityGranted, CapacityReturned, ReturnAsked } from '../contract.ts';
import { capacityAccount } from '../domain/capacity.ts';
import { parkShare, type ShareCommand, type ShareState } from '../domain/park-share.ts';
import { placesToAsk, surplusOf, surplusSlot } from '../domain/share-rules.ts';
import type { HomeOf, ParkDays, WalkUpShares } from './ports.ts';
import { shareStreamId } from './share-streams.ts';

/** Days that are over are looked at this long, for holds that end and grants that arrive late; and those ahead that may be granted. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 2;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'balances'>;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly ownIncarnation: () => Promise<string>;
  readonly homeOf: HomeOf;
  /** The parks that may be this node's. */
  readonly walkUpShares: WalkUpShares;
  readonly parkDays: ParkDays;
};

/** What a park's own node may sell of a day. Harmless to repeat. */
export type HoldShare = {
  /** A grant that is for another node, or for a log that is over, changes nothing. */
  credit(grant: CapacityGranted['data'], meta: CommandMeta): Promise<void>;
  answerRequest(request: ReturnAsked['data'], meta: CommandMeta): Promise<void>;
  /** Asks for places where few are left, and gives back what is not needed, and after closing all; answers how many it told. */
  tend(meta: CommandMeta): Promise<number>;
  /**
   * For the first append of a log that begins anew: every share of a day that is not over has nothing any more.
   * @param lapsing places of holds that end in the same append, by park and date
   */
  fenceSteps(
    incarnation: string,
    lapsing: (parkId: string, date: LocalDate) => number,
  ): Promise<readonly Step<{ readonly code: string }>[]>;
};

type Share = {
  readonly parkId: string;
  readonly date: LocalDate;
  readonly free: number;
  readonly state: ShareState;
};

export function createHoldShare(dependencies: Dependencies): HoldShare {
  const { runner, store, ids, clock, zone, nodeId, ownIncarnation, homeOf, walkUpShares, parkDays } = dependencies;

  const streamOf = (parkId: string, date: LocalDate): string => shareStreamId(ids, parkId, date, nodeId);

  async function freeOn(parkId: string, date: LocalDate): Promise<number> {
    const [free = 0] = await store.balances([capacityAccount(parkId, date, 'free')]);
    return free;
  }

  /** False where a sale took the places meanwhile: the next round sees what is left. */
  async function tell(parkId: string, date: LocalDate, command: ShareCommand, meta: CommandMeta): Promise<boolean> {
    const done = await runner.run(parkShare, streamOf(parkId, date), command, { ...meta, parkId });
    if (done.ok) return done.value.events.length > 0;
    const { code } = done.refusal;
    const isExpected = code === 'insufficient' || (command.kind === 'credit' && code === 'foreign');
    assert(isExpected, `${command.kind} of ${parkId} on ${date} was refused as ${code}`);
    return false;
  }

  const giveBack = (
    { parkId, date }: Pick<Share, 'parkId' | 'date'>,
    places: number,
    why: Pick<CapacityReturned['data'], 'returnId' | 'why' | 'reason'>,
    meta: CommandMeta,
  ): Promise<boolean> => {
    const data = { parkId, date, places, nodeId, returnedAtMs: clock.now(), ...why };
    return places <= 0 ? Promise.resolve(false) : tell(parkId, date, { kind: 'give_back', ...data }, meta);
  };

  async function ask({ parkId, date, free, state }: Share, meta: CommandMeta): Promise<boolean> {
    const places = placesToAsk(free, state.netPlaces);
    if (places === 0) return false;
    const data = { askId: ids.next(), incarnation: await ownIncarnation(), askedAtMs: clock.now() };
    return tell(parkId, date, { kind: 'ask', parkId, date, places, nodeId, ...data }, meta);
  }

  async function tendDay(parkId: string, date: LocalDate, today: LocalDate, meta: CommandMeta): Promise<boolean> {
    const isToday = date === today && (await homeOf(parkId, date)) === nodeId;
    const free = await freeOn(parkId, date);
    if (free === 0 && !isToday) return false;
    const offer = await parkDays(parkId, date);
    if (offer === null) return false;
    const closesAtMs = offer.hours === null ? 0 : zone.instantOf(date, offer.hours.closeTime, offer.timeZone);
    const msLeft = closesAtMs - clock.now();
    const { state } = await runner.stateOf(parkShare, streamOf(parkId, date));
    const share = { parkId, date, free, state };
    if (msLeft <= 0) return giveBack(share, free, { returnId: ids.next(), why: 'day_over', reason: null }, meta);
    if (!isToday) return false;
    const slot = surplusSlot(msLeft);
    const spare = slot === null ? 0 : surplusOf(free, state.netPlaces);
    if (spare > 0)
      return giveBack(share, spare, { returnId: ids.next(), why: 'surplus', reason: `slot ${slot}` }, meta);
    return ask(share, meta);
  }

  /** The days that may have places of this node. */
  async function days(): Promise<readonly (Pick<Share, 'parkId' | 'date'> & { readonly today: LocalDate })[]> {
    const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
    const dates = Array.from({ length: DAYS_BACK + 1 + DAYS_AHEAD }, (_, index) => addDays(today, index - DAYS_BACK));
    return (await walkUpShares()).flatMap(({ parkId }) => dates.map((date) => ({ parkId, date, today })));
  }

  return {
    async credit(grant, meta) {
      if (grant.toNode !== nodeId) return;
      const own = { nodeId, incarnation: await ownIncarnation() };
      await tell(grant.parkId, grant.date, { kind: 'credit', grant, own, nowMs: clock.now() }, meta);
    },
    async answerRequest({ requestId, parkId, date, places, ofNode }, meta) {
      if (ofNode !== nodeId) return;
      const why = {
        returnId: ids.derive(`answer:${requestId}`),
        why: 'asked',
        reason: `request ${requestId}`,
      } as const;
      // A sale may take some of it while it is told.
      for (;;) {
        const share = { parkId, date };
        const most = Math.min(places, await freeOn(parkId, date));
        if (await giveBack(share, most, why, meta)) return;
        const { state } = await runner.stateOf(parkShare, streamOf(parkId, date));
        if (most <= 0 || state.returns.has(why.returnId)) return;
      }
    },
    async tend(meta) {
      let told = 0;
      for (const { parkId, date, today } of await days()) if (await tendDay(parkId, date, today, meta)) told += 1;
      return told;
    },
    async fenceSteps(incarnation, lapsing) {
      const steps: Step<{ readonly code: string }>[] = [];
      for (const { parkId, date } of await days()) {
        const places = (await freeOn(parkId, date)) + lapsing(parkId, date);
        if (places === 0) continue;
        const data = { parkId, date, nodeId, incarnation, places, fencedAtMs: clock.now() };
        steps.push(step(parkShare, streamOf(parkId, date), { kind: 'fence', ...data }));
      }
      return steps;
    },
  };
}
