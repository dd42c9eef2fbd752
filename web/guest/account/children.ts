import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { user } from '../../shared/api/session.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';

export type Child = components['schemas']['Child'];

async function ask(): Promise<Outcome<readonly Child[]>> {
  if (user.value === null || user.value === undefined) return { ok: true, value: [] };
  const found = await outcomeOf(api.GET('/api/v1/users/me/children', { params: { query: { limit: 100 } } }));
  return found.ok ? { ok: true, value: found.value.items } : found;
}

/** The children of whoever is signed in; none for others. */
export const useChildren = (): Loading<readonly Child[]> => useLoad(ask, [user.value?.id]);
