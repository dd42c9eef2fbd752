/** A record of a file in CSV. `number` is the line of the file on which it begins, the head is 1. */
export type CsvRecord = { readonly number: number } & (
  { readonly kind: 'cells'; readonly cells: readonly string[] } | { readonly kind: 'fault'; readonly fault: string }
);

/** No record of a statement is longer; what is, is no statement, and must not be held in memory. In characters. */
export const LONGEST_RECORD = 16_384;

type Quoted = { readonly cells: readonly string[]; readonly end: number } | { readonly fault: string } | 'more';

/**
 * Cuts a text that arrives in pieces into records, after RFC 4180: quoted cells may hold separators and line breaks. A record
 * that cannot be cut is one line of the file, and reading goes on behind it: it swallows no other.
 */
export class CsvCutter {
  readonly #separator: string;
  #text = '';
  #number: number;
  /** Inside of a line that was too long and has been told. */
  #skipping = false;

  /** @param number the line of the file on which the text begins */
  constructor(separator: string, number = 1) {
    this.#separator = separator;
    this.#number = number;
  }

  /** Records that end in what has arrived by now. */
  push(piece: string): readonly CsvRecord[] {
    return this.#cut(piece, false);
  }

  /** What is left when nothing more will come. */
  end(): readonly CsvRecord[] {
    return this.#cut('', true);
  }

  #cut(piece: string, isEnd: boolean): readonly CsvRecord[] {
    const text = this.#text === '' ? piece : this.#text + piece;
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < text.length) {
      const found = text.indexOf('\n', at);
      const lineEnd = found === -1 ? text.length : found;
      if (this.#skipping) {
        at = Math.min(lineEnd + 1, text.length);
        this.#skipping = found === -1;
        continue;
      }
      if (lineEnd - at > LONGEST_RECORD) {
        records.push({ number: this.#number, kind: 'fault', fault: `it is longer than ${LONGEST_RECORD} characters` });
        this.#number += 1;
        this.#skipping = true;
        continue;
      }
      if (found === -1 && !isEnd) break;
      const line = text.slice(at, text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd);
      const cut = line.includes('"')
        ? quotedRecord(text, at, this.#separator, isEnd)
        : { cells: split(line, this.#separator) };
      if (cut === 'more') break;
      const number = this.#number;
      if ('fault' in cut) records.push({ number, kind: 'fault', fault: cut.fault });
      else if (line.trim() !== '') records.push({ number, kind: 'cells', cells: cut.cells });
      const end = 'end' in cut ? cut.end : lineEnd + 1;
      this.#number += 'end' in cut ? linesIn(text, at, end) : 1;
      at = end;
    }
    this.#text = text.slice(at);
    return records;
  }
}

const split = (line: string, separator: string): readonly string[] => line.split(separator).map((cell) => cell.trim());

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return Math.max(lines, 1);
}

/** The record that begins at `from` and has quotes, up to where the next one begins. */
function quotedRecord(text: string, from: number, separator: string, isEnd: boolean): Quoted {
  const cells: string[] = [];
  const unclosed = (): Quoted =>
    !isEnd && text.length - from <= LONGEST_RECORD ? 'more' : { fault: 'a quote is not closed' };
  for (let at = from; ; at += 1) {
    while (text[at] === ' ') at += 1;
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1);
      while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      // A quote at the very end of what has arrived may be half of a double one.
      if (close === -1 || close - from > LONGEST_RECORD || (close + 1 === text.length && !isEnd)) return unclosed();
      cells.push(
        text
          .slice(at + 1, close)
          .replaceAll('""', '"')
          .trim(),
      );
      at = close + 1;
      while (text[at] === ' ' || text[at] === '\r') at += 1;
    } else {
      const cut = text.indexOf(separator, at);
      const line = text.indexOf('\n', at);
      const end = Math.min(cut === -1 ? text.length : cut, line === -1 ? text.length : line);
      if (end === text.length && !isEnd) return unclosed();
      cells.push(text.slice(at, end).trim());
      at = end;
    }
    if (at >= text.length) return isEnd ? { cells, end: text.length } : unclosed();
    if (text[at] === '\n') return { cells, end: at + 1 };
    if (text[at] !== separator) return { fault: 'something follows a closed quote' };
  }
}
