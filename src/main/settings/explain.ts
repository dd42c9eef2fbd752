import type { Setting } from './setting.ts';
import type { Given } from './sources.ts';
import { settings, type SettingName } from './table.ts';
import { textOf } from './values.ts';

/** Every setting with the value that counts and where it comes from, a line each. No secret is in it. */
export function explainSettings(given: ReadonlyMap<SettingName, Given>): string {
  const rows = settings.map(([name, setting]) => [
    name,
    shownText(setting, given.get(name)?.text ?? textOf(name, given)),
    given.get(name)?.origin ?? 'default',
  ]);
  const width = (column: number): number => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  const [names, values] = [width(0), width(1)];
  return rows
    .map(([name = '', value = '', origin = '']) => `${name.padEnd(names)}  ${value.padEnd(values)}  ${origin}\n`)
    .join('');
}

function shownText({ kind, isSecret, otherwise }: Setting, text: string | null): string {
  if (text === null || text === '') return `(${otherwise.replaceAll('`', '')})`;
  // What cannot be read may be a secret in a wrong place.
  if (kind.read(text) === null) return '(not usable)';
  return isSecret ? (kind.shown?.(text) ?? '(hidden)') : text;
}
