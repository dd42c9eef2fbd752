import { BrokenInvariant } from '../../../kernel/assert.ts';
import type { StoreRefusal } from '../../../kernel/command-runner.ts';
import type { UserRefusal } from '../domain/user-messages.ts';

/** Who edits says which version they saw, and names only what is to change. */
export type Edit<Details> = { readonly [Name in keyof Details]?: Details[Name] | undefined };

/** The details with the changes in them; null when nothing would change. */
export function edited<Details extends object>(current: Details, changes: Edit<Details>): Details | null {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const differs = given.some(([name, value]) => Reflect.get(current, name) !== value);
  return differs ? { ...current, ...Object.fromEntries(given) } : null;
}

/** The refusals that one command can meet; any other one is a bug. */
export function only<const Code extends UserRefusal['code']>(
  codes: readonly Code[],
  refusal: UserRefusal | StoreRefusal,
) {
  const isExpected = (one: typeof refusal): one is Extract<UserRefusal, { readonly code: Code }> =>
    codes.some((code) => code === one.code);
  if (!isExpected(refusal)) throw new BrokenInvariant(`this command cannot be refused as ${refusal.code}`);
  return refusal;
}
