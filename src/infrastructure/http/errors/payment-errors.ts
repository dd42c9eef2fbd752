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
  payment_not_in_doubt: entry(
    409,
    'Nobody has to look for this payment in a statement',
    'Этот платёж не нужно искать в выписке',
    'Бул төлөмдү көчүрмөдөн издөөнүн кереги жок',
  ),
  money_of_another_payment: entry(
    409,
    'This money of the statement was given to another payment',
    'Эти деньги из выписки уже отнесены к другому платежу',
    'Көчүрмөдөгү бул акча башка төлөмгө таандык кылынган',
  ),
  refund_not_found: entry(404, 'There is no such refund', 'Такого возврата нет', 'Мындай кайтаруу жок'),
  fiscal_receipt_not_found: entry(
    404,
    'There is no such fiscal receipt',
    'Такого фискального чека нет',
    'Мындай фискалдык чек жок',
  ),
  fiscal_receipt_settled: entry(
    409,
    'Nothing more is to be issued for it',
    'По нему больше нечего пробивать',
    'Ал боюнча дагы чек чыгарылбайт',
  ),
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
  shift_not_found: entry(404, 'There is no such shift', 'Такой смены нет', 'Мындай нөөмөт жок'),
  shift_already_open: entry(
    409,
    'You have an open shift at this park',
    'У вас уже открыта смена в этом парке',
    'Бул паркта нөөмөтүңүз ачык',
  ),
  shift_closed: entry(409, 'The shift is closed', 'Смена закрыта', 'Нөөмөт жабык'),
  no_open_shift: entry(
    409,
    'Cash needs an open shift of yours at this park',
    'Для наличных нужна ваша открытая смена в этом парке',
    'Накталай акча үчүн бул паркта ачык нөөмөтүңүз керек',
  ),
  till_short: entry(
    409,
    'There is not that much cash in the till',
    'В кассе нет такой суммы наличных',
    'Кассада мынча накталай акча жок',
  ),
  phone_not_verified: entry(
    403,
    'The phone number must be confirmed before the first payment or free ticket',
    'До первой оплаты или бесплатного билета нужно подтвердить номер телефона',
    'Биринчи төлөмдөн же акысыз билеттен мурда телефон номерин ырастоо керек',
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
