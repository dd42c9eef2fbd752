import type { Kind } from './kinds.ts';

/** One thing that the program can be told from outside. */
export type Setting<Value = unknown> = {
  /** Where it stands in the YAML file; null where it cannot. */
  readonly path: string | null;
  readonly kind: Kind<NonNullable<Value>>;
  /** What counts when nothing is given, as a text that could have been given; null when there is no such value. */
  readonly fallback: Fallback;
  /** What counts when nothing is given, for people. */
  readonly otherwise: string;
  readonly meaning: string;
  readonly isSecret: boolean;
};

/** A text, or one that depends on other settings. */
type Fallback = string | null | ((textOf: (name: string) => string) => string);

type Words = { readonly meaning: string; readonly isSecret?: boolean };

/** A setting that always has a value. */
export const always = <Value>(
  path: string,
  kind: Kind<NonNullable<Value>>,
  fallback: NonNullable<Fallback>,
  { meaning, otherwise = `\`${String(fallback)}\`` }: Words & { readonly otherwise?: string },
): Setting<NonNullable<Value>> => ({ path, kind, fallback, otherwise, meaning, isSecret: false });

/** A setting that may have no value at all. */
export const optional = <Value>(
  path: string | null,
  kind: Kind<NonNullable<Value>>,
  otherwise: string,
  { meaning, isSecret = false }: Words,
): Setting<Value | null> => ({ path, kind, fallback: null, otherwise, meaning, isSecret });

export const secret = <Value>(
  path: string,
  kind: Kind<NonNullable<Value>>,
  otherwise: string,
  meaning: string,
): Setting<Value | null> => optional<Value>(path, kind, otherwise, { meaning, isSecret: true });
