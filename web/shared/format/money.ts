import { language } from '../i18n/language.ts';
import { byThrees } from './digits.ts';

/**
 * An amount for people: `1 500 сом`, `1 500,50 сом`, `KGS 1,500`.
 * @param amount a whole number, or a decimal string with two digits as the API has it
 */
export function money(amount: string): string {
  const digits = byThrees(amount.replace(/\.00$/, ''), language.value);
  return language.value === 'en' ? `KGS\u00A0${digits}` : `${digits}\u00A0сом`;
}
