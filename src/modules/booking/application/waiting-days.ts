import { PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { Waitlist } from './waitlist.ts';

/** News of the queue older than this is asked for again. */
const FRESH_MS = 1000;

/** The smallest party that waits for a day; null when nobody does. */
export type SmallestWaiting = (parkId: string, date: LocalDate) => Promise<number | null>;

type Dependencies = { readonly waitlist: Pick<Waitlist, 'queuedDays'>; readonly clock: Clock; readonly zone: Zone };

/**
 * Spares every sale a question to the database: one question a second tells of all days that somebody waits for, and there
 * are few. A second's delay can cost a party its turn, never a place that is not there.
 */
export function createSmallestWaiting({ waitlist, clock, zone }: Dependencies): SmallestWaiting {
  let askedAtMs = -Infinity;
  let asking: Promise<ReadonlyMap<string, number>> | null = null;
  let known: ReadonlyMap<string, number> | null = null;

  async function ask(): Promise<ReadonlyMap<string, number>> {
    const days = await waitlist.queuedDays(zone.dateAt(clock.now(), PARKS_TIME_ZONE));
    return new Map(days.map(({ parkId, visitDate, smallestParty }) => [`${parkId}/${visitDate}`, smallestParty]));
  }

  function refresh(): Promise<ReadonlyMap<string, number>> {
    asking ??= ask()
      .then((answer) => {
        askedAtMs = clock.now();
        known = answer;
        return answer;
      })
      .finally(() => {
        asking = null;
      });
    return asking;
  }

  return async (parkId, date) => {
    const ageMs = clock.now() - askedAtMs;
    const days = known === null || ageMs < 0 || ageMs > FRESH_MS ? await refresh() : known;
    return days.get(`${parkId}/${date}`) ?? null;
  };
}
