import { language } from '../i18n/language.ts';

/** Digits by threes with a space that does not break, a comma before tyiyn: as sums are written in Kyrgyzstan. */
const som = new Intl.NumberFormat('ru-KG', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholeSom = new Intl.NumberFormat('ru-KG', { maximumFractionDigits: 0 });
const english = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholeEnglish = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/**
 * An amount for people: `1 500 сом`, `1 500,50 сом`, `KGS 1,500`.
 * @param amount a decimal string with two digits, as the API has it; up to 15 digits are exact
 */
export function money(amount: string): string {
  const value = Number(amount);
  const isWhole = Number.isInteger(value);
  if (language.value === 'en') return `KGS\u00A0${(isWhole ? wholeEnglish : english).format(value)}`;
  return `${(isWhole ? wholeSom : som).format(value)}\u00A0сом`;
}
