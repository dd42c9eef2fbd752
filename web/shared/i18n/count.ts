import { byThrees } from '../format/digits.ts';
import type { Language } from './language-list.ts';

/** The forms of a noun beside a number. Russian needs three; Kyrgyz has one, as a noun stays as it is after a number. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

// Made once: to make one takes longer than all that a page writes with it.
const RULES = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') } as const;

/** CLDR gives Kyrgyz `one` for 1 alone. Browsers that were built without Kyrgyz would take the rule of another language. */
const ruleOf = (locale: Language, count: number): Intl.LDMLPluralRule => {
  if (locale === 'ky') return count === 1 ? 'one' : 'other';
  return RULES[locale].select(count);
};

/** A number with its noun: `21 билет`, `22 билета`, `25 билетов`. */
export function counted(locale: Language, count: number, forms: Forms): string {
  const noun = forms[ruleOf(locale, count)] ?? forms.other;
  return `${byThrees(String(count), locale)}\u00A0${noun}`;
}
