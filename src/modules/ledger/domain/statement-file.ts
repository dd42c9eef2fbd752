import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { CsvCutter } from './csv-records.ts';
import { lineOf, sameWord, type Places, type ReadLine, type StatementReading } from './statement-line.ts';

/** A file that can be read as often as is needed and is never held as a whole. */
export type StatementFile = {
  readonly sha256: Uint8Array;
  chunks(): AsyncIterable<Uint8Array>;
};

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251';

/** Why a file is no statement. */
export type FileFault =
  | { readonly code: 'empty' | 'head_only' | 'spreadsheet' | 'no_text' }
  | { readonly code: 'missing_columns'; readonly missing: readonly string[]; readonly found: readonly string[] };

/** A file that has been looked through: how its bytes are texts, and where its columns are. */
export type OpenedStatement = { readonly encoding: Encoding; readonly separator: string; readonly places: Places };

/** As much of a file as must hold its head. In bytes. */
const HEAD_MOST = 65_536;
const SEPARATORS = [';', '\t', ','] as const;
const MARKS: readonly (readonly [mark: readonly number[], encoding: Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
/** A file of a spreadsheet is an archive. */
const ARCHIVE = [0x50, 0x4b, 0x03, 0x04];

const beginsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

/** The beginning of a file, and whether all of it is UTF-8. */
async function survey(chunks: AsyncIterable<Uint8Array>) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let head: Uint8Array = new Uint8Array();
  let isUtf8 = true;
  let bytes = 0;
  const decode = (chunk?: Uint8Array): void => {
    try {
      if (isUtf8) decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      isUtf8 = false;
    }
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (head.length < HEAD_MOST) head = joined(head, chunk.subarray(0, HEAD_MOST - head.length));
    decode(chunk);
  }
  decode();
  return { head, isUtf8, isWhole: bytes === head.length };
}

function placesIn(names: readonly string[], reading: StatementReading) {
  const known = names.map(sameWord);
  const wanted = [reading.reference, reading.amount, reading.fee, reading.date, reading.kind];
  const missing = wanted.filter((name) => name !== null && !known.includes(sameWord(name))).map(String);
  const placeOf = (name: string | null): number => (name === null ? -1 : known.indexOf(sameWord(name)));
  const [reference = -1, amount = -1, fee = -1, date = -1, kind = -1] = wanted.map(placeOf);
  return { missing, places: { reference, amount, fee, date, kind } };
}

/**
 * Looks through a file once: what encoding it is in, by its mark or by what its bytes can be; what separates its cells, by
 * what makes the columns be found; and where they are.
 */
export async function openStatement(
  file: StatementFile,
  reading: StatementReading,
): Promise<Result<OpenedStatement, FileFault>> {
  const { head, isUtf8, isWhole } = await survey(file.chunks());
  if (head.length === 0) return refuse({ code: 'empty' });
  if (beginsWith(head, ARCHIVE)) return refuse({ code: 'spreadsheet' });
  const marked = MARKS.find(([mark]) => beginsWith(head, mark))?.[1];
  const encoding = marked ?? (isUtf8 ? 'utf-8' : 'windows-1251');
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  if (!isWide && head.includes(0)) return refuse({ code: 'no_text' });
  const text = new TextDecoder(encoding).decode(head);
  if (text.trim() === '') return refuse({ code: 'empty' });
  const heads = SEPARATORS.map((separator) => {
    const cutter = new CsvCutter(separator);
    const [first, second] = [...cutter.push(text), ...(isWhole ? cutter.end() : [])];
    const names = first?.kind === 'cells' ? first.cells : [];
    return { separator, names, isAlone: isWhole && second === undefined, ...placesIn(names, reading) };
  });
  const found = heads.find(({ missing }) => missing.length === 0);
  if (found === undefined) {
    const [likely] = heads.toSorted((one, other) => other.names.length - one.names.length);
    return refuse({ code: 'missing_columns', missing: likely?.missing ?? [], found: likely?.names ?? [] });
  }
  if (found.isAlone) return refuse({ code: 'head_only' });
  return ok({ encoding, separator: found.separator, places: found.places });
}

/** The lines of a file, some at a time. One that cannot be read stops no other. */
export async function* readStatement(
  file: StatementFile,
  { encoding, separator, places }: OpenedStatement,
  reading: StatementReading,
): AsyncGenerator<readonly ReadLine[]> {
  const decoder = new TextDecoder(encoding);
  const cutter = new CsvCutter(separator);
  let isHead = true;
  const read = (records: ReturnType<CsvCutter['push']>): readonly ReadLine[] => {
    const lines = isHead ? records.slice(1) : records;
    isHead &&= records.length === 0;
    return lines.map((record) => lineOf(record, places, reading));
  };
  for await (const chunk of file.chunks()) yield read(cutter.push(decoder.decode(chunk, { stream: true })));
  yield read([...cutter.push(decoder.decode()), ...cutter.end()]);
}
