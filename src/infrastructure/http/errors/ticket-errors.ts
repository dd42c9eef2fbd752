import { entry, type ErrorEntry } from './entry.ts';

/** Refusals about tickets, passes, promo codes and waiting lists. */
export const TICKET_ERRORS = {
  ticket_not_found: entry(404, 'There is no such ticket', 'Такого билета нет', 'Мындай билет жок'),
  park_at_capacity: entry(
    409,
    'Not enough places are left on this day',
    'На этот день мест не осталось',
    'Бул күнгө орун калган жок',
  ),
  device_not_found: entry(404, 'There is no such device', 'Такого устройства нет', 'Мындай түзмөк жок'),
  device_code_invalid: entry(
    403,
    'The code is wrong, used or too old',
    'Код неверен, уже использован или устарел',
    'Код туура эмес, колдонулган же эскирген',
  ),
  not_paid: entry(409, 'The ticket is not paid', 'Билет не оплачен', 'Билет төлөнгөн эмес'),
} satisfies Record<string, ErrorEntry>;
