import { createAhead } from '../../shared/api/ahead.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';
import { plusDays, today } from '../../shared/format/day.ts';
import type { Day } from '../parks/parks.ts';

/** Tickets are sold this far ahead. */
const HORIZON_DAYS = 90;

/** What parks offer, day by day, from today on. */
export const daysOfPark = createAhead<readonly Day[]>(async (id) => {
  const from = today();
  const query = { from, to: plusDays(from, HORIZON_DAYS) };
  const found = await outcomeOf(api.GET('/api/v1/parks/{id}/availability', { params: { path: { id }, query } }));
  return found.ok ? { ok: true, value: found.value.items } : found;
});

export const useDays = (parkId: string): Loading<readonly Day[]> => useLoad(() => daysOfPark.ask(parkId), [parkId]);
