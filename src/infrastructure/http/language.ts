import type { Language } from './error-table.ts';

const RANGE = /^\s*([a-zA-Z]{1,8}|\*)(?:-[a-zA-Z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/;

const isLanguage = (text: string): text is Language => text === 'ru' || text === 'ky' || text === 'en';

/**
 * The language of an `Accept-Language` header (RFC 9110, 12.5.4): of those we speak the one with the highest weight, the
 * earlier one when equal. English when the header is absent or names none of ours.
 */
export function chooseLanguage(header: string | undefined): Language {
  if (header === undefined || header.length > 500) return 'en';
  let best: Language = 'en';
  let bestWeight = 0;
  for (const part of header.split(',')) {
    const match = RANGE.exec(part);
    const name = match?.[1]?.toLowerCase() ?? '';
    const weight = match?.[2] === undefined ? 1 : Number(match[2]);
    if (isLanguage(name) && weight > bestWeight) [best, bestWeight] = [name, weight];
  }
  return best;
}
