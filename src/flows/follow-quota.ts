import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { LocalDate } from '../kernel/time.ts';
import type { CalendarDayFacts, ParkEditedFacts } from '../modules/park/contract.ts';

type Dependencies = {
  /** Today and as far ahead as a park sells; none when there is no such park. */
  readonly datesOnSale: (parkId: string) => Promise<readonly LocalDate[]>;
  /** Gives those days that are on sale the quota that their park now says; does nothing where they have it. */
  readonly followQuotas: (parkId: string, dates: readonly LocalDate[], meta: CommandMeta) => Promise<void>;
};

/**
 * Days on sale follow the capacity and the calendar of their park. Whoever edits waits for it anyway; this makes it happen
 * also when the process ended between the two.
 */
export const createFollowQuotaFlow = ({ datesOnSale, followQuotas }: Dependencies): Flow => ({
  name: 'follow-quota',
  eventTypes: ['ParkEdited', 'CalendarDaySet', 'CalendarDayCleared'],
  async handle(event) {
    const { parkId } = event.data as { readonly parkId: string };
    const meta = { actor: 'flow:follow-quota', correlationId: event.meta.correlationId, causationId: event.meta.id };
    const dates = await datesOf(event, datesOnSale);
    if (dates.length > 0) await followQuotas(parkId, dates, meta);
  },
});

async function datesOf(event: Recorded, datesOnSale: Dependencies['datesOnSale']): Promise<readonly LocalDate[]> {
  if (event.type !== 'ParkEdited') return [(event as Recorded<CalendarDayFacts>).data.date];
  const { parkId, changed } = (event as Recorded<ParkEditedFacts>).data;
  return changed.includes('capacity') ? datesOnSale(parkId) : [];
}
