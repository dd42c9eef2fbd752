import { entry, later, type ErrorEntry } from './entry.ts';

/** Refusals about payments, refunds and the till. */
export const PAYMENT_ERRORS = {
  webhook_refused: entry(
    401,
    'The message is not signed as agreed',
    'Подпись сообщения не принята',
    'Билдирүүнүн кол тамгасы кабыл алынган жок',
  ),
  payment_not_found: entry(404, 'There is no such payment', 'Такого платежа нет', 'Мындай төлөм жок'),
  ticket_not_payable: entry(
    409,
    'This ticket cannot be paid',
    'Этот билет нельзя оплатить',
    'Бул билетти төлөөгө болбойт',
  ),
  payment_in_progress: entry(
    409,
    'A payment for this ticket is under way',
    'Оплата этого билета уже идёт',
    'Бул билеттин төлөмү жүрүп жатат',
    { transient: true },
  ),
  provider_unavailable: entry(
    503,
    'The payment provider does not answer',
    'Платёжный провайдер не отвечает',
    'Төлөм провайдери жооп бербей жатат',
    later,
  ),
} satisfies Record<string, ErrorEntry>;
