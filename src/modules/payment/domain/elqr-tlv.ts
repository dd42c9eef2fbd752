/** One element of an ELQR text: a two-digit identifier, a two-digit length and the value. */
export type TlvElement = {
  readonly id: string;
  readonly value: string;
  /** Index of the element's first character in the text it was read from. */
  readonly start: number;
};

const HEADER_LENGTH = 4;
const TWO_DIGITS = /^\d{2}$/;
/** The largest value that a two-digit length can announce. */
export const MAX_VALUE_LENGTH = 99;

/** Splits a text into its elements in the order found; null when a header is no digits or a value is cut short. */
export function readTlv(text: string): readonly TlvElement[] | null {
  const elements: TlvElement[] = [];
  let start = 0;
  while (start < text.length) {
    const id = text.slice(start, start + 2);
    const length = text.slice(start + 2, start + HEADER_LENGTH);
    if (!TWO_DIGITS.test(id) || !TWO_DIGITS.test(length)) return null;
    const end = start + HEADER_LENGTH + Number(length);
    if (end > text.length) return null;
    elements.push({ id, value: text.slice(start + HEADER_LENGTH, end), start });
    start = end;
  }
  return elements;
}

/** Lengths count UTF-16 code units, not bytes. An absent value writes nothing. The caller keeps values within 99 units. */
export const writeTlv = (id: string, value: string | undefined): string =>
  value === undefined ? '' : `${id}${String(value.length).padStart(2, '0')}${value}`;
