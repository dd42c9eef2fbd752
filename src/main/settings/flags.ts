import { namesOf } from './environment.ts';
import type { Source, Written } from './source.ts';
import { settings } from './table.ts';

/** The flag of a variable: its name in kebab-case, without the prefix that only the environment needs. */
export const flagOf = (name: string): string => `--${kebab(name.replace(/^SKYPARK_/, ''))}`;

const kebab = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** Flag → variable. The name may also be written out with its prefix. */
const NAMES: ReadonlyMap<string, string> = new Map(
  settings
    .flatMap(([name, { isSecret }]) => namesOf(name, isSecret))
    .flatMap((name) => [
      [flagOf(name), name],
      [`--${kebab(name)}`, name],
    ]),
);

type SplitArguments = {
  /** Those that are settings, each with its value. */
  readonly flags: readonly string[];
  readonly rest: readonly string[];
};

/** Takes the settings out of a command line that has words of its own. */
export function splitArguments(words: readonly string[]): SplitArguments {
  const [flags, rest]: [string[], string[]] = [[], []];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [flag = ''] = word.split('=', 1);
    if (!NAMES.has(flag)) {
      rest.push(word);
      continue;
    }
    flags.push(word);
    const value = words[index + 1];
    if (word !== flag || value === undefined || value.startsWith('--')) continue;
    flags.push(value);
    index += 1;
  }
  return { flags, rest };
}

/** No fault repeats a value, and no word that could be one: there may be a password in it. */
export function readFlags(words: readonly string[], faults: string[]): Source {
  const written = new Map<string, Written>();
  const { flags, rest } = splitArguments(words);
  const unknown = rest.filter((word) => word.startsWith('-'));
  for (const word of unknown) faults.push(`${word.split('=', 1)[0]} is not a setting of this program`);
  if (unknown.length === 0 && rest.length > 0) {
    faults.push('the command line has words that belong to no flag: settings read --name value or --name=value');
  }
  for (let index = 0; index < flags.length; index += 1) {
    const word = flags[index] ?? '';
    const [flag = ''] = word.split('=', 1);
    const name = NAMES.get(flag) ?? '';
    const next = flags[index + 1];
    const isApart = word === flag && next !== undefined && !next.startsWith('--');
    const text = word === flag ? (isApart ? next : '') : word.slice(flag.length + 1);
    if (isApart) index += 1;
    if (text === '') faults.push(`${flag} needs a value`);
    else if (written.has(name)) faults.push(`${flag} is given twice; keep one`);
    else written.set(name, { text, label: flag });
  }
  return { name: 'flag', written };
}
