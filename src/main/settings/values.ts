import type { Setting } from './setting.ts';
import type { Given } from './sources.ts';
import { SETTINGS, settings, type SettingName, type Values } from './table.ts';

/** What counts for a setting, given or not, as a text. Null when there is none. */
export function textOf(name: SettingName, given: ReadonlyMap<SettingName, Given>): string | null {
  const { kind, fallback }: Setting = SETTINGS[name];
  const written = given.get(name);
  if (written !== undefined && kind.read(written.text) !== null) return written.text;
  // The table names its own settings only.
  return typeof fallback === 'function' ? fallback((other) => textOf(other as SettingName, given) ?? '') : fallback;
}

/** The value of every setting; one that is none of what it can be counts as not given and is added to `faults`. */
export function readValues(given: ReadonlyMap<SettingName, Given>, faults: string[]): Values {
  for (const [name, { text, label }] of given) {
    const { kind, isSecret }: Setting = SETTINGS[name];
    // An address with a user in it may have a password as well.
    const isTold = !isSecret && !text.includes('@');
    if (kind.read(text) === null) faults.push(`${label} must be ${kind.form}${isTold ? `, not "${text}"` : ''}`);
  }
  const values = settings.map(([name, { kind }]) => {
    const text = textOf(name, given);
    return [name, text === null ? null : kind.read(text)] as const;
  });
  return Object.fromEntries(values) as Values;
}
