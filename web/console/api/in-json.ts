import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';

type Answer<Value> = { readonly data?: Value; readonly error?: unknown; readonly response: Response };

/** As `outcomeOf`, for what the node answers as a table too when it is asked to: it was not. */
export const outcomeInJson = <Value>(
  request: Promise<Answer<Value>>,
): Promise<Outcome<NonNullable<Exclude<Value, string>>>> =>
  outcomeOf(request as Promise<Answer<Exclude<Value, string>>>);
