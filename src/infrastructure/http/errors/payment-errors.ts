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
  refund_not_found: entry(404, 'There is no such refund', 'Такого возврата нет', 'Мындай кайтаруу жок'),
  payment_not_refundable: entry(
    409,
    'No money came in for this payment',
    'По этому платежу деньги не поступали',
    'Бул төлөм боюнча акча келген жок',
  ),
  refund_exceeds_payment: entry(
    409,
    'More than is left of this payment cannot be given back',
    'Нельзя вернуть больше, чем осталось от платежа',
    'Төлөмдүн калдыгынан ашык кайтарууга болбойт',
  ),
  refund_not_manual: entry(
    409,
    'This refund is not for a person to pay out',
    'Этот возврат выплачивает не сотрудник',
    'Бул кайтарууну кызматкер төлөбөйт',
  ),
  phone_not_verified: entry(
    403,
    'The phone number must be confirmed before the first payment',
    'До первой оплаты нужно подтвердить номер телефона',
    'Биринчи төлөмдөн мурда телефон номерин ырастоо керек',
  ),
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
