import { language } from '../../shared/i18n/language.ts';

const bySpaces = new Intl.NumberFormat('ru-KG', { maximumFractionDigits: 2 });
const byCommas = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });

/** A count for people: `1 500`, `1,500`. */
export const whole = (value: number): string => (language.value === 'en' ? byCommas : bySpaces).format(value);
