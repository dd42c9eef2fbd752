import type { Language } from '../i18n/language-list.ts';

/**
 * The digits of a number by threes, as each language parts them: `1 500,5` with a space that does not break, `1,500.5`. By hand,
 * since `Intl` has no Kyrgyz in every browser and a phone is busy for a tenth of a second before it has formatted its first number.
 * @param text a whole or decimal number as scripts and the API write it
 */
export function byThrees(text: string, locale: Language): string {
  const [whole = '', fraction] = text.split('.');
  const [apart, point] = locale === 'en' ? [',', '.'] : ['\u00A0', ','];
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, apart);
  return fraction === undefined ? grouped : `${grouped}${point}${fraction}`;
}
