import type { Source, Written } from './source.ts';
import { secretFileOf, settings } from './table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The names that a setting can be given by: its own, and for a secret that of a file with it. */
export const namesOf = (name: string, isSecret: boolean): readonly string[] =>
  isSecret ? [name, secretFileOf(name)] : [name];

const NAMES: ReadonlySet<string> = new Set(settings.flatMap(([name, { isSecret }]) => namesOf(name, isSecret)));

export function readEnvironment(environment: Environment, faults: string[]): Source {
  const written = new Map<string, Written>();
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || text === '') continue;
    if (NAMES.has(name)) written.set(name, { text, label: name });
    else if (name.startsWith('SKYPARK_')) faults.push(`${name} is not a setting of this program`);
  }
  return { name: 'environment', written };
}
