import { computed, signal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { may, OFFICE } from './staff.ts';

export type Park = components['schemas']['Park'];

const KEY = 'skypark.console.park';
const MOST_PAGES = 20;

/** The parks that this node knows. */
const known = signal<readonly Park[]>([]);

/** Those at which the reader has a duty. */
export const parks = computed(() => known.value.filter(({ id }) => may(OFFICE, id)));

const chosen = signal<string | null>(localStorage.getItem(KEY));

/** The park that the pages are about; null for all that the reader may see. */
export const parkInView = computed<string | null>(() => {
  const [first, ...others] = parks.value;
  if (first !== undefined && others.length === 0) return first.id;
  return parks.value.some(({ id }) => id === chosen.value) ? chosen.value : null;
});

export function lookAt(parkId: string | null): void {
  chosen.value = parkId;
  if (parkId === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, parkId);
}

export const nameOfPark = (parkId: string): string => known.value.find(({ id }) => id === parkId)?.name ?? parkId;

/** Reads all parks; there are as many as a chain has. */
export async function loadParks(): Promise<Outcome<readonly Park[]>> {
  const found: Park[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor === null ? {} : { cursor }) };
    const answer = await outcomeOf(api.GET('/api/v1/parks', { params: { query } }));
    if (!answer.ok) return answer;
    found.push(...answer.value.items);
    cursor = answer.value.next_cursor;
    if (cursor === null) break;
  }
  known.value = found;
  return { ok: true, value: found };
}
