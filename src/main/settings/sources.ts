import { readFileSync } from 'node:fs';
import { readEnvironment, type Environment } from './environment.ts';
import { readFlags } from './flags.ts';
import type { Source, Written } from './source.ts';
import { secretFileOf, settings, type SettingName } from './table.ts';
import { readYaml } from './yaml-file.ts';

export type Given = Written & {
  /** Where it comes from, for people. */
  readonly origin: string;
};

/**
 * Every setting that was given: in the YAML file that SKYPARK_CONFIG names, in the environment, as a flag; the later win. What
 * is wrong with any of them is added to `faults`.
 */
export function readSources(
  environment: Environment,
  flags: readonly string[],
  faults: string[],
): ReadonlyMap<SettingName, Given> {
  const flag = readFlags(flags, faults);
  const variable = readEnvironment(environment, faults);
  const file = flag.written.get('SKYPARK_CONFIG') ?? variable.written.get('SKYPARK_CONFIG');
  const sources = [...(file === undefined ? [] : [readYaml(file, faults)]), variable, flag];
  return new Map(sources.flatMap((source) => [...opened(source, faults)]));
}

/** A source with what its files of secrets say. */
function opened({ name: origin, written }: Source, faults: string[]): ReadonlyMap<SettingName, Given> {
  const given = new Map<SettingName, Given>();
  for (const [name, { isSecret }] of settings) {
    const plain = written.get(name);
    const filed = isSecret ? written.get(secretFileOf(name)) : undefined;
    if (plain !== undefined) given.set(name, { ...plain, origin });
    if (filed === undefined) continue;
    const text = readSecret(filed, faults);
    if (plain !== undefined) faults.push(`${plain.label} and ${filed.label} are both set; keep one`);
    else if (text !== null) given.set(name, { text, label: filed.label, origin: `${origin}: the file ${filed.text}` });
  }
  return given;
}

/** No fault repeats what was given: who mistakes this variable for the secret's has put the secret there. */
function readSecret({ text: file, label }: Written, faults: string[]): string | null {
  try {
    // Files end with a line end that is no part of the secret; any other white space may be.
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (text !== '') return text;
    faults.push(`${label} names a file with nothing in it`);
  } catch {
    faults.push(`${label} names a file that cannot be read`);
  }
  return null;
}
