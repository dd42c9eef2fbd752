import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Source, Written } from './source.ts';
import { secretFileOf, settings } from './table.ts';

/** Place in the file → variable. A secret's file is named beside it, as `password_file` beside `password`. */
const NAMES: ReadonlyMap<string, string> = new Map(
  settings.flatMap(([name, { path, isSecret }]) =>
    path === null
      ? []
      : ([[path, name], ...(isSecret ? [[`${path}_file`, secretFileOf(name)] as const] : [])] as const),
  ),
);

const isSection = (path: string): boolean => [...NAMES.keys()].some((known) => known.startsWith(`${path}.`));

/** @param from what names the file */
export function readYaml({ text: file, label }: Written, faults: string[]): Source {
  const written = new Map<string, Written>();
  const content = parsed(file, label, faults);
  const visit = (value: unknown, path: string): void => {
    const name = NAMES.get(path);
    const text = plainText(value);
    const isEmpty = value === undefined || value === '';
    if (isEmpty && (path === '' || name !== undefined || isSection(path))) return;
    if (name !== undefined && text !== null) {
      written.set(name, { text, label: `"${path}" of ${file} (${name})` });
    } else if (name !== undefined) faults.push(`${file}: "${path}" must be a text, a number or a list of them`);
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, path === '' ? key : `${path}.${key}`);
    } else faults.push(`${file}: "${path}" is not a setting of this program`);
  };
  visit(content, '');
  return { name: `file ${file}`, written };
}

/** Undefined when there is nothing in it, or it cannot be understood. */
function parsed(file: string, label: string, faults: string[]): unknown {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    faults.push(`${label} names ${file}, which cannot be read`);
    return undefined;
  }
  // Every value stays the text that it is: 0555 is a phone number and no is a name. Errors are told by their kind and line only,
  // for their words may repeat a password.
  const document = parseDocument(content, { schema: 'failsafe', prettyErrors: false });
  for (const { code, pos } of document.errors) {
    const line = content.slice(0, pos[0]).split('\n').length;
    faults.push(`${file} is not YAML: line ${line}, ${code.toLowerCase().replaceAll('_', ' ')}`);
  }
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS() ?? undefined;
  } catch {
    faults.push(`${file} is not YAML: it has an alias that cannot be resolved`);
    return undefined;
  }
}

/** A text, or a list of them joined by commas; null for anything else. */
function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const items: readonly unknown[] = value;
  return items.every((item) => typeof item === 'string') ? items.join(',') : null;
}
