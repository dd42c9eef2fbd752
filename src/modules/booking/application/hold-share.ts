import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { CapacityGranted, ReturnAsked } from '../contract.ts';
import { placesToAsk, surplusOf, surplusSlot } from '../domain/share-rules.ts';
import type { HomeOf, ParkDays } from './ports.ts';
import { createShareTeller, type ShareDay, type ShareDependencies, type ShareTeller } from './share-teller.ts';

type Dependencies = ShareDependencies & {
  readonly ownIncarnation: () => Promise<string>;
  readonly homeOf: HomeOf;
  readonly parkDays: ParkDays;
};

/** What a park's own node may sell of a day. Harmless to repeat. */
export type HoldShare = {
  /** A grant that is for another node, or for a log that is over, changes nothing. */
  credit(grant: CapacityGranted['data'], meta: CommandMeta): Promise<void>;
  answerRequest(request: ReturnAsked['data'], meta: CommandMeta): Promise<void>;
  /** Asks for places where few are left, and gives back what is not needed, and after closing all; answers how many it told. */
  tend(meta: CommandMeta): Promise<number>;
};

/** Looks after one day; answers whether there was anything to say. */
function createTendDay(
  { ids, clock, zone, nodeId, ownIncarnation, homeOf, parkDays }: Dependencies,
  { stateOf, giveBack, tell }: ShareTeller,
) {
  return async (day: ShareDay, free: number, isToday: boolean, meta: CommandMeta): Promise<boolean> => {
    const { parkId, date } = day;
    const mayAsk = isToday && (await homeOf(parkId, date)) === nodeId;
    if (free === 0 && !mayAsk) return false;
    const offer = await parkDays(parkId, date);
    if (offer === null) return false;
    const closesAtMs = offer.hours === null ? 0 : zone.instantOf(date, offer.hours.closeTime, offer.timeZone);
    const msLeft = closesAtMs - clock.now();
    if (msLeft <= 0) return giveBack(day, free, { returnId: ids.next(), why: 'day_over', reason: null }, meta);
    if (!mayAsk) return false;
    const { netPlaces } = await stateOf(day);
    const slot = surplusSlot(msLeft);
    const spare = slot === null ? 0 : surplusOf(free, netPlaces);
    if (spare > 0) {
      return giveBack(day, spare, { returnId: ids.next(), why: 'surplus', reason: `slot ${slot}` }, meta);
    }
    const places = placesToAsk(free, netPlaces);
    if (places === 0) return false;
    const ask = { askId: ids.next(), incarnation: await ownIncarnation(), askedAtMs: clock.now() };
    return tell(day, { kind: 'ask', parkId, date, places, nodeId, ...ask }, meta);
  };
}

export function createHoldShare(dependencies: Dependencies): HoldShare {
  const { ids, clock, nodeId, ownIncarnation } = dependencies;
  const teller = createShareTeller(dependencies);
  const tendDay = createTendDay(dependencies, teller);
  return {
    async credit(grant, meta) {
      if (grant.toNode !== nodeId) return;
      const own = { nodeId, incarnation: await ownIncarnation() };
      await teller.tell(grant, { kind: 'credit', grant, own, nowMs: clock.now() }, meta);
    },
    async answerRequest({ requestId, parkId, date, places, ofNode, takenPlaces }, meta) {
      if (ofNode !== nodeId) return;
      const day = { parkId, date };
      // A log that begins anew may have forgotten an answer: its own answer is another return, of other places.
      const returnId = ids.derive(`answer:${requestId}/${await ownIncarnation()}`);
      const why = { returnId, why: 'asked', reason: `request ${requestId}` } as const;
      // A sale may take some of it while it is told.
      for (;;) {
        const { returnedPlaces, reasons } = await teller.stateOf(day);
        // What went back and was not there yet when headquarters asked is a part of what it asks for.
        const onTheWay = Math.max(0, returnedPlaces - (takenPlaces ?? returnedPlaces));
        const most = Math.min(places - onTheWay, await teller.freeOn(day));
        if (await teller.giveBack(day, most, why, meta)) return;
        if (most <= 0 || reasons.has(why.reason)) return;
      }
    },
    async tend(meta) {
      let told = 0;
      const days = await teller.days();
      const free = await teller.freeOnEach(days);
      for (const [index, { isToday, ...day }] of days.entries()) {
        if (await tendDay(day, free[index] ?? 0, isToday, meta)) told += 1;
      }
      return told;
    },
  };
}
