import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';
import { plusDays, today } from '../../shared/format/day.ts';
import type { Day } from '../parks/parks.ts';

/** Tickets are sold this far ahead. */
const HORIZON_DAYS = 90;

/** What a park offers, day by day, from today on. */
export const useDays = (parkId: string): Loading<readonly Day[]> =>
  useLoad(async () => {
    const from = today();
    const query = { from, to: plusDays(from, HORIZON_DAYS) };
    const params = { path: { id: parkId }, query };
    const found = await outcomeOf(api.GET('/api/v1/parks/{id}/availability', { params }));
    return found.ok ? { ok: true, value: found.value.items } : found;
  }, [parkId]);
