import type { components } from '../../clients/typescript/schema.d.ts';

type Park = components['schemas']['Park'];

/** Gates open this long before the park does. */
const EARLY_MINUTES = 60;
/** Time a family needs to buy and pay before the park closes. */
const MARGIN_MINUTES = 20;
const MINUTES_A_DAY = 24 * 60;

/** Where it is which day and how many minutes into it. */
function localTime(atMs: number, timeZone: string): { readonly date: string; readonly minutes: number } {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(atMs);
  const [date = '', time = ''] = parts.split(' ');
  return { date, minutes: minutesOf(time) };
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Dates on which a park would let in at once whoever buys now: today's, or tomorrow's when its gates open before midnight. */
export function datesToEnterNow(park: Pick<Park, 'open_time' | 'close_time' | 'time_zone'>, nowMs: number): string[] {
  const now = localTime(nowMs, park.time_zone);
  const tomorrow = localTime(nowMs + MINUTES_A_DAY * 60_000, park.time_zone);
  return [
    { date: now.date, minutes: now.minutes },
    { date: tomorrow.date, minutes: now.minutes - MINUTES_A_DAY },
  ]
    .filter(
      ({ minutes }) =>
        minutes >= minutesOf(park.open_time) - EARLY_MINUTES && minutes < minutesOf(park.close_time) - MARGIN_MINUTES,
    )
    .map(({ date }) => date);
}
