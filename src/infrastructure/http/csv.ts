export const CSV_TYPE = 'text/csv; charset=utf-8';

type Cell = string | number | null;

/** What spreadsheets take for a formula when a cell begins with it. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell after RFC 4180. Text that a spreadsheet would run is marked as text; numbers stay numbers, negative ones too. */
function cellOf(value: Cell): string {
  if (value === null) return '';
  const text = String(value);
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

type Row<Column extends string> = Readonly<Record<Column, Cell>>;

const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;
/** Begins with a byte order mark: without one the usual spreadsheet reads Cyrillic as something else. */
const headOf = (columns: readonly string[]): string => `\uFEFF${lineOf(columns)}`;
const linesOf = <Column extends string>(columns: readonly Column[], rows: readonly Row<Column>[]): string =>
  rows.map((row) => lineOf(columns.map((column) => row[column]))).join('');

/** Rows under a head of column names, with CRLF after each line. */
export const csvOf = <Column extends string>(columns: readonly Column[], rows: readonly Row<Column>[]): string =>
  headOf(columns) + linesOf(columns, rows);

/** The same of rows that come some at a time. */
export async function* csvParts<Column extends string>(
  columns: readonly Column[],
  rows: AsyncIterable<readonly Row<Column>[]>,
): AsyncGenerator<string> {
  yield headOf(columns);
  for await (const some of rows) yield linesOf(columns, some);
}
