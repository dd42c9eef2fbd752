import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

export const LINES = 1_000_000;
const STATEMENT_ID = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

/** Of a month of a chain: each payment as its provider tells it, some of them otherwise than they are booked. */
const lineOf = (n: number) => ({
  reference: n % 1000 === 7 ? `STRANGE-${n}` : `FNK-${n}`,
  som: `${n % 1000 === 9 ? 349 : 350}.00`,
  fee: '5.25',
  day: `2026-12-${String((n % 28) + 1).padStart(2, '0')}`,
});

async function write(path: string, rows: () => Iterable<string>): Promise<void> {
  await pipeline(Readable.from(rows()), createWriteStream(path, { mode: 0o644 }));
}

/** Parts of a file of several lines each. */
function* inParts(head: string, row: (n: number) => string): Generator<string> {
  yield head;
  for (let from = 1; from <= LINES; from += 1000) {
    yield Array.from({ length: 1000 }, (_, index) => row(from + index)).join('');
  }
}

/** The statement as it is imported. */
export const writeStatement = (path: string): Promise<void> =>
  write(path, () =>
    inParts('Дата;Референс;Сумма;Комиссия\r\n', (n) => {
      const { reference, som, fee, day } = lineOf(n);
      return `${day} 10:00:00;"${reference}";${som};${fee}\r\n`;
    }),
  );

/** The rows that come of it, as COPY reads them. */
export const writeRows = (path: string): Promise<void> =>
  write(path, () =>
    inParts('', (n) => {
      const { reference, som, fee, day } = lineOf(n);
      const tyiyn = [som, fee].map((sum) => String(Math.round(Number(sum) * 100)));
      return `${[STATEMENT_ID, String(n + 1), reference, ...tyiyn, day, 'movement', `${day} 10:00:00+06`].join('\t')}\n`;
    }),
  );
