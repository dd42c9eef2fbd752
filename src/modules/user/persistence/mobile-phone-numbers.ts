import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import type { PhoneNumbers } from '../application/phone-numbers.ts';

/**
 * Reads numbers by the numbering plans of libphonenumber, mobile ones only: what it accepts can get an SMS at an ordinary
 * price. Satellite telephones and other networks of no country cost far more and are refused. A number written without its
 * country code is one of Kyrgyzstan; digits may be of any script.
 */
export const mobilePhoneNumbers: PhoneNumbers = {
  parse(text) {
    // Without `extract: false` it would find a number inside a sentence.
    const found = parsePhoneNumberFromString(text, { defaultCountry: 'KG', extract: false });
    if (found?.country === undefined || !found.isValid() || found.ext !== undefined) return null;
    return found.number;
  },
};
