import { outcomeOf, type Outcome } from './outcome.ts';

/** What people edit, with the version that an edit of it has to name as `If-Match`. */
export type Versioned<Value> = { readonly value: Value; readonly version: string };

type Answer<Value> = { readonly data?: Value; readonly error?: unknown; readonly response: Response };

/** Waits for a request that answers something with its version. */
export async function versionedOutcomeOf<Value>(
  request: Promise<Answer<Value>>,
): Promise<Outcome<Versioned<NonNullable<Value>>>> {
  const outcome = await outcomeOf(request);
  if (!outcome.ok) return outcome;
  const { response } = await request;
  return { ok: true, value: { value: outcome.value, version: response.headers.get('etag') ?? '' } };
}
