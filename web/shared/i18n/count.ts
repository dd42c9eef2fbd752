import { byThrees } from '../format/digits.ts';
import type { Language } from './language-list.ts';

/** Which form of a noun a number asks for, as CLDR calls them; whole numbers need no other. */
export type Form = 'one' | 'few' | 'many' | 'other';

/** The forms of a noun beside a number. Russian needs three; Kyrgyz has one, as a noun stays as it is after a number. */
export type Forms = Readonly<Partial<Record<Form, string>> & { other: string }>;

/**
 * The rules of CLDR for whole numbers. By hand, as dates and digits are: browsers that were built without Kyrgyz would take the rule
 * of another language.
 */
export function formOf(locale: Language, count: number): Form {
  if (locale !== 'ru') return count === 1 ? 'one' : 'other';
  const [tens, ones] = [count % 100, count % 10];
  if (ones === 1 && tens !== 11) return 'one';
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 'few' : 'many';
}

/** A number with its noun: `21 билет`, `22 билета`, `25 билетов`. */
export function counted(locale: Language, count: number, forms: Forms): string {
  const noun = forms[formOf(locale, count)] ?? forms.other;
  return `${byThrees(String(count), locale)}\u00A0${noun}`;
}
