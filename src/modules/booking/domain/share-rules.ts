const MINUTE_MS = 60_000;

/** The least that a park keeps to sell before it asks for more. */
const LEAST_LOW_WATER = 4;

/** How long before closing a park gives back what it will hardly sell, in minutes. */
const SURPLUS_SLOTS = [60, 120, 180] as const;

/** What a park is given of a day's quota before anybody asks. @param percent the park's setting, 0 to 100 */
export const walkUpShare = (quota: number, percent: number): number => Math.floor((quota * percent) / 100);

/** How few free places make a park ask for more: a quarter of what it has been given, the sold ones among it. */
export const lowWater = (netPlaces: number): number => Math.max(LEAST_LOW_WATER, Math.ceil(netPlaces / 4));

/** How many places a park asks for: as many as make it twice the low-water mark; 0 while it has enough. */
export function placesToAsk(free: number, netPlaces: number): number {
  const mark = lowWater(netPlaces);
  return free >= mark ? 0 : 2 * mark - free;
}

/**
 * What headquarters gives to who asks: what is not on its way already, and at most half of what it can sell itself, the last place
 * never, so that no park empties it.
 */
export const answerTo = (asked: number, onTheWay: number, free: number): number =>
  Math.max(0, Math.min(asked - onTheWay, Math.floor(free / 2)));

/** Which return before closing is due, by its minutes; null when none is yet. */
export const surplusSlot = (msToClosing: number): number | null =>
  SURPLUS_SLOTS.find((minutes) => msToClosing <= minutes * MINUTE_MS) ?? null;

/** What a park can spare: what is above the low-water mark. */
export const surplusOf = (free: number, netPlaces: number): number => Math.max(0, free - lowWater(netPlaces));
