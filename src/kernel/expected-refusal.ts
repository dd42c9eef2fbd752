import { BrokenInvariant } from './assert.ts';
import type { StoreRefusal } from './command-runner.ts';

type Coded = { readonly code: string };

/** The refusals that one command can meet; any other one is a bug. */
export function only<Refusal extends Coded, const Code extends Refusal['code']>(
  codes: readonly Code[],
  refusal: Refusal,
): Extract<Refusal, { readonly code: Code }> {
  const isExpected = (one: Refusal): one is Extract<Refusal, { readonly code: Code }> =>
    codes.some((code) => code === one.code);
  if (!isExpected(refusal)) throw new BrokenInvariant(`this command cannot be refused as ${refusal.code}`);
  return refusal;
}

const OF_STORE: readonly string[] = ['insufficient', 'claimed'] satisfies readonly StoreRefusal['code'][];

/** What an aggregate itself refuses. For commands that move no counter and claim no name: the store cannot refuse them. */
export function ownRefusal<Refusal extends Coded>(refusal: Refusal): Exclude<Refusal, StoreRefusal> {
  const isOwn = (one: Refusal): one is Exclude<Refusal, StoreRefusal> => !OF_STORE.includes(one.code);
  if (!isOwn(refusal)) throw new BrokenInvariant(`this command cannot be refused as ${refusal.code}`);
  return refusal;
}
