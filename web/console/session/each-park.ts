import type { Outcome } from '../../shared/api/outcome.ts';
import { parks } from './parks.ts';
import { may, type Role } from './staff.ts';

type Items<Item> = { readonly items: readonly Item[] };

/**
 * Asks about one park; for null about all that the reader may ask about: in one question where the duty holds everywhere, else
 * park by park, since the node answers nobody about parks of others.
 */
export async function ofParks<Item>(
  roles: readonly Role[],
  parkId: string | null,
  ask: (parkId: string | undefined) => Promise<Outcome<Items<Item>>>,
): Promise<Outcome<readonly Item[]>> {
  const asked =
    parkId === null && !may(roles, null)
      ? parks.value.filter(({ id }) => may(roles, id)).map(({ id }) => id)
      : [parkId ?? undefined];
  const answers = await Promise.all(asked.map(ask));
  const items: Item[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
  }
  return { ok: true, value: items };
}
