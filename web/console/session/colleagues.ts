import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { given } from '../api/given.ts';
import { may, MANAGERS } from './staff.ts';

type Names = ReadonlyMap<string, string>;

const MOST_PAGES = 20;

async function namesAt(parkId: string | null): Promise<Outcome<Names>> {
  const names = new Map<string, string>();
  // Finance sees no list of staff; lists are read all the same, by ids.
  if (!may(MANAGERS, parkId)) return { ok: true, value: names };
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: { limit: number; park_id?: string; cursor?: string } = {
      limit: 100,
      ...given({ park_id: parkId, cursor }),
    };
    const answer: Outcome<{ items: { user_id: string; name: string | null }[]; next_cursor: string | null }> =
      await outcomeOf(api.GET('/api/v1/admin/staff', { params: { query } }));
    if (!answer.ok) return answer;
    for (const { user_id: id, name } of answer.value.items) if (name !== null) names.set(id, name);
    cursor = answer.value.next_cursor;
    if (cursor === null) break;
  }
  return { ok: true, value: names };
}

/** What accounts of staff are called; null for one that is no staff, or before the list is here. */
export function useColleagues(parkId: string | null): (userId: string) => string | null {
  const { value } = useLoad(() => namesAt(parkId), [parkId]);
  return (userId) => value?.get(userId) ?? null;
}
