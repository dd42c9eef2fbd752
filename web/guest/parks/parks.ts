import type { components } from '../../../clients/typescript/schema.d.ts';
import { createAhead } from '../../shared/api/ahead.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';
import { language } from '../../shared/i18n/language.ts';

export type Park = components['schemas']['Park'];
export type Day = components['schemas']['DayAvailability'];

/** The parks are asked for once in each language while the app is open; their list fits a page. */
const asked = new Map<string, Promise<Outcome<readonly Park[]>>>();

/** Those that a list has told of already, for what is known of a park before its own answer is here. */
const listed = new Map<string, Park>();

export const listedPark = (parkId: string): Park | null => listed.get(parkId) ?? null;

async function ask(): Promise<Outcome<readonly Park[]>> {
  const found = await outcomeOf(api.GET('/api/v1/parks', { params: { query: { limit: 100 } } }));
  if (found.ok) for (const park of found.value.items) listed.set(park.id, park);
  return found.ok ? { ok: true, value: found.value.items } : found;
}

/** One park, with all that its page shows. */
export const onePark = createAhead((id) => outcomeOf(api.GET('/api/v1/parks/{id}', { params: { path: { id } } })));

export async function allParks(): Promise<Outcome<readonly Park[]>> {
  const key = language.value;
  const answer = asked.get(key) ?? ask();
  asked.set(key, answer);
  const outcome = await answer;
  if (!outcome.ok) asked.delete(key);
  return outcome;
}

/** Asks for the parks anew; where nobody answers, they stay as they were. */
export async function refreshParks(): Promise<void> {
  const key = language.value;
  const found = await ask();
  if (found.ok) asked.set(key, Promise.resolve(found));
}

/** A park, for its name beside something else. Null until it is known. */
export function usePark(parkId: string | undefined): Park | null {
  const { value } = useLoad(allParks, []);
  return value?.find(({ id }) => id === parkId) ?? null;
}

export const useParks = (): Loading<readonly Park[]> => useLoad(allParks, []);
