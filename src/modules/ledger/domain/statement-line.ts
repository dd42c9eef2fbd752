import { isLocalDate, type LocalDate } from '../../../kernel/time.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Tyiyn } from '../../../kernel/money.ts';

/** A line of a provider's statement: above zero a payment, below zero a refund. */
export type StatementLine = {
  readonly reference: string;
  readonly amountTyiyn: Tyiyn;
  /** Null when the statement says nothing of fees, or of days. */
  readonly feeTyiyn: Tyiyn | null;
  readonly day: LocalDate | null;
};

/** What the columns of a statement are called; null for what it does not have. */
export type StatementColumns = {
  readonly reference: string;
  readonly amount: string;
  readonly fee: string | null;
  readonly date: string | null;
};

/** What a line of the file is: a line of the statement, or why it cannot be read. `number` counts from 1, the head included. */
export type ReadLine = { readonly number: number } & (
  { readonly kind: 'line'; readonly line: StatementLine } | { readonly kind: 'fault'; readonly fault: string }
);

const AMOUNT = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?$/;
const REFERENCE_MOST = 200;

/** `1 500,5` and `-350.00` in tyiyn; null for anything else. */
export function parseStatementAmount(text: string): Tyiyn | null {
  const [, sign, som = '', part = ''] = AMOUNT.exec(text.replaceAll(/[\s\u00A0\u202F']/g, '').replace(',', '.')) ?? [];
  if (sign === undefined) return null;
  const tyiyn = BigInt(som + part.padEnd(2, '0'));
  return sign === '-' ? -tyiyn : tyiyn;
}

/** The day of `2026-12-05…` or `05.12.2026…`; null for anything else. */
export function parseStatementDay(text: string): LocalDate | null {
  const turned = /^(\d{2})\.(\d{2})\.(\d{4})/.exec(text);
  const day = turned === null ? text.slice(0, 10) : `${turned[3]}-${turned[2]}-${turned[1]}`;
  return isLocalDate(day) ? day : null;
}

/** Cells of one line; a quote that is not closed is a fault, for no cell of a statement goes over lines. */
function cellsOf(line: string, delimiter: string): Result<readonly string[], string> {
  const cells: string[] = [];
  for (let at = 0; at <= line.length;) {
    if (line[at] !== '"') {
      const found = line.indexOf(delimiter, at);
      const end = found === -1 ? line.length : found;
      cells.push(line.slice(at, end).trim());
      at = end + 1;
      continue;
    }
    let end = at + 1;
    while (end < line.length && (line[end] !== '"' || line[end + 1] === '"')) end += line[end] === '"' ? 2 : 1;
    if (line[end] !== '"') return refuse('a quote is not closed');
    cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 < line.length && line[end + 1] !== delimiter) return refuse('something follows a closed quote');
    at = end + 2;
  }
  return ok(cells);
}

type Places = Readonly<Record<keyof StatementColumns, number>>;

function readCells(cells: readonly string[], places: Places): Result<StatementLine, string> {
  const cell = (column: keyof StatementColumns): string => cells[places[column]] ?? '';
  const reference = cell('reference');
  if (reference === '' || reference.length > REFERENCE_MOST) return refuse('it has no reference');
  const amountTyiyn = parseStatementAmount(cell('amount'));
  if (amountTyiyn === null || amountTyiyn === 0n) return refuse('its amount cannot be read');
  const feeTyiyn = cell('fee') === '' ? null : parseStatementAmount(cell('fee'));
  if (feeTyiyn === null && cell('fee') !== '') return refuse('its fee cannot be read');
  const day = cell('date') === '' ? null : parseStatementDay(cell('date'));
  if (day === null && cell('date') !== '') return refuse('its day cannot be read');
  return ok({ reference, amountTyiyn, feeTyiyn, day });
}

/** Lines of a text one by one, without a copy of all of them. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    yield text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    at = end + 1;
  }
}

/**
 * Reads a statement in CSV, with `,`, `;` or tabs between cells, line by line: one that cannot be read stops no other.
 * Refused when the head lacks a column that is named.
 */
export function readStatement(
  text: string,
  columns: StatementColumns,
): Result<Iterable<ReadLine>, { readonly missing: readonly string[] }> {
  const lines = linesOf(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const first = lines.next();
  const head = first.done === true ? '' : first.value;
  const delimiter = [';', '\t', ','].find((one) => head.includes(one)) ?? ',';
  const read = cellsOf(head, delimiter);
  const names = read.ok ? read.value : [];
  const placeOf = (name: string | null): number => (name === null ? -1 : names.indexOf(name));
  const wanted = [columns.reference, columns.amount, columns.fee, columns.date].filter((name) => name !== null);
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0) return refuse({ missing });
  const places = {
    reference: placeOf(columns.reference),
    amount: placeOf(columns.amount),
    fee: placeOf(columns.fee),
    date: placeOf(columns.date),
  };
  function* all(): Generator<ReadLine> {
    let number = 1;
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const cells = cellsOf(line, delimiter);
      const found = cells.ok ? readCells(cells.value, places) : cells;
      yield found.ok ? { number, kind: 'line', line: found.value } : { number, kind: 'fault', fault: found.refusal };
    }
  }
  return ok(all());
}
