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

/**
 * Rows under a head of column names, with CRLF after each line. Begins with a byte order mark: without one the usual
 * spreadsheet reads Cyrillic as something else.
 */
export const csvOf = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, Cell>>[],
): string =>
  `\uFEFF${[columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => `${cells.map(cellOf).join(',')}\r\n`)
    .join('')}`;
