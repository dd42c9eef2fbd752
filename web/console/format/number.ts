import { byThrees } from '../../shared/format/digits.ts';
import { language } from '../../shared/i18n/language.ts';

/** A count for people, with two digits of a part at most: `1 500`, `1,500`, `2,25`. */
export const whole = (value: number): string => byThrees(String(Math.round(value * 100) / 100), language.value);
