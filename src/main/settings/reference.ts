import { flagOf } from './flags.ts';
import { secretFileOf, settings } from './table.ts';

/** The rows of the documentation: variable, flag, place in the file, what it must be, default, meaning. */
export const referenceRows = (): readonly (readonly string[])[] =>
  settings.map(([name, { path, kind, otherwise, meaning, isSecret }]) => [
    isSecret ? `\`${name}\` or \`${secretFileOf(name)}\`` : `\`${name}\``,
    `\`${flagOf(name)}\``,
    path === null ? '' : `\`${path}\``,
    isSecret ? `${kind.form}; secret` : kind.form,
    otherwise,
    meaning,
  ]);

/** What `--help` says of the settings. */
export function settingsHelp(): string {
  const lines = settings.map(([name, { kind, otherwise }]) => [
    `${flagOf(name)} VALUE`,
    `${kind.form} (default: ${otherwise.replaceAll('`', '')})`,
  ]);
  const width = Math.max(...lines.map(([flag = '']) => flag.length));
  return lines.map(([flag = '', words = '']) => `  ${flag.padEnd(width)}  ${words}\n`).join('');
}
