import { isLocalDate, type LocalDate } from '../../../kernel/time.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { CsvRecord } from './csv-records.ts';

/** A line of a provider's statement. */
export type StatementLine = {
  /** A `movement` is a payment or a refund; a `payout` is what the provider sent to our bank. */
  readonly kind: 'movement' | 'payout';
  readonly reference: string;
  /** Above zero a payment, below zero a refund. A payout is above zero. */
  readonly amountTyiyn: Tyiyn;
  /** What the provider keeps of it. Null when the statement says nothing of fees. */
  readonly feeTyiyn: Tyiyn | null;
  /** Null when it says nothing of days. */
  readonly day: LocalDate | null;
  /** When it happened, with its offset: `2026-12-05 10:00:00+06`. Null when the line has no time of the day. */
  readonly toldAt: string | null;
};

/** How a file is to be read: what its columns are called, null for what it does not have, and which words say what a line is. */
export type StatementReading = {
  readonly reference: string;
  readonly amount: string;
  readonly fee: string | null;
  readonly date: string | null;
  /** The column that says what a line is; without it all lines are movements by their signs. */
  readonly kind: string | null;
  readonly payoutWord: string | null;
  /** Lines of refunds, where their amounts have no sign. */
  readonly refundWord: string | null;
};

/** What a line of the file is: a line of the statement, or why it cannot be read. `number` counts from 1, the head included. */
export type ReadLine = { readonly number: number } & (
  { readonly kind: 'line'; readonly line: StatementLine } | { readonly kind: 'fault'; readonly fault: string }
);

/** Where the columns are in a record; -1 for those that a statement does not have. */
export type Places = Readonly<Record<'reference' | 'amount' | 'fee' | 'date' | 'kind', number>>;

const AMOUNT = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?$/;
const TIME = /^[T ]+([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)? ?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?$/;
/** Of the parks, and of the banks that they deal with. */
const HERE = '+06';
const REFERENCE_MOST = 200;
// oxlint-disable-next-line no-control-regex -- what PostgreSQL keeps in no text, and nobody can read
const UNREADABLE = /[\u0000-\u001F\uFFFD]/;

/** `1 500,5` and `-350.00` in tyiyn; null for anything else. */
export function parseStatementAmount(text: string): Tyiyn | null {
  const plain = text
    .replaceAll(/[\s\u00A0\u202F']/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');
  const [, sign, som = '', part = ''] = AMOUNT.exec(plain) ?? [];
  if (sign === undefined) return null;
  const tyiyn = BigInt(som + part.padEnd(2, '0'));
  return sign === '-' ? -tyiyn : tyiyn;
}

/** The day of `2026-12-05…` or `05.12.2026…`, and the instant where a time of the day follows; null for anything else. */
export function parseStatementDay(text: string): { readonly day: LocalDate; readonly toldAt: string | null } | null {
  const turned = /^(\d{2})\.(\d{2})\.(\d{4})/.exec(text);
  const day = turned === null ? text.slice(0, 10) : `${turned[3]}-${turned[2]}-${turned[1]}`;
  if (!isLocalDate(day)) return null;
  const [, hour, minute, second = '00', offset = HERE] = TIME.exec(text.slice(10)) ?? [];
  return { day, toldAt: hour === undefined ? null : `${day} ${hour}:${minute}:${second}${offset}` };
}

/** Names and words are compared without regard to case and to the spaces that spreadsheets make. */
export const sameWord = (text: string): string =>
  text
    .replaceAll(/[\s\u00A0]+/g, ' ')
    .trim()
    .toLowerCase();

function readCells(cells: readonly string[], places: Places, reading: StatementReading): Result<StatementLine, string> {
  const cell = (column: keyof Places): string => cells[places[column]] ?? '';
  const reference = cell('reference');
  if (reference === '') return refuse('it has no reference');
  if (reference.length > REFERENCE_MOST || UNREADABLE.test(reference)) return refuse('its reference cannot be read');
  const amountTyiyn = parseStatementAmount(cell('amount'));
  if (amountTyiyn === null || amountTyiyn === 0n) return refuse('its amount cannot be read');
  const feeTyiyn = cell('fee') === '' ? null : parseStatementAmount(cell('fee'));
  if (feeTyiyn === null && cell('fee') !== '') return refuse('its fee cannot be read');
  const date = cell('date') === '' ? null : parseStatementDay(cell('date'));
  if (date === null && cell('date') !== '') return refuse('its day cannot be read');
  const said = sameWord(cell('kind'));
  const is = (word: string | null): boolean => word !== null && places.kind >= 0 && said === sameWord(word);
  const size = amountTyiyn < 0n ? -amountTyiyn : amountTyiyn;
  const [kind, signed] = is(reading.payoutWord)
    ? (['payout', size] as const)
    : (['movement', is(reading.refundWord) ? -size : amountTyiyn] as const);
  return ok({ kind, reference, amountTyiyn: signed, feeTyiyn, day: date?.day ?? null, toldAt: date?.toldAt ?? null });
}

/** What a record says as a line of a statement. */
export function lineOf(record: CsvRecord, places: Places, reading: StatementReading): ReadLine {
  const { number } = record;
  if (record.kind === 'fault') return record;
  const found = readCells(record.cells, places, reading);
  return found.ok ? { number, kind: 'line', line: found.value } : { number, kind: 'fault', fault: found.refusal };
}
