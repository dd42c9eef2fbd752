import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { user } from '../../shared/api/session.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';
import type { Pass } from './pass.ts';

async function ask(): Promise<Outcome<readonly Pass[]>> {
  if (user.value === null || user.value === undefined) return { ok: true, value: [] };
  const found = await outcomeOf(api.GET('/api/v1/passes', { params: { query: { limit: 100 } } }));
  return found.ok ? { ok: true, value: found.value.items } : found;
}

/** The passes of whoever is signed in; none for others. */
export const usePasses = (): Loading<readonly Pass[]> => useLoad(ask, [user.value?.id]);
