/** Languages that people are answered in. */
export type Language = 'ru' | 'ky' | 'en';

/** One row of the error table: what a refusal code means over HTTP and how it is called. */
export type ErrorEntry = {
  readonly status: number;
  readonly title: Readonly<Record<Language, string>>;
  /** Seconds after which a repeat makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The answer may differ a moment later, so it is never kept for an idempotency key. */
  readonly transient?: true;
};

const entry = (
  status: number,
  en: string,
  ru: string,
  ky: string,
  more: Pick<ErrorEntry, 'retryAfterSeconds' | 'transient'> = {},
): ErrorEntry => ({
  status,
  title: { en, ru, ky },
  ...more,
});

const soon = { retryAfterSeconds: 1, transient: true } as const;
const later = { retryAfterSeconds: 30, transient: true } as const;

/**
 * Every refusal that the API can answer. Codes are stable: clients switch on them. Texts are for people and may improve.
 * `docs/errors.md` and the OpenAPI document are generated from here.
 */
export const ERRORS = {
  validation_failed: entry(
    400,
    'Some fields of the request are not valid',
    'В запросе есть неверные поля',
    'Суроо-талапта туура эмес талаалар бар',
  ),
  malformed_body: entry(
    400,
    'The request cannot be read',
    'Запрос не удаётся прочитать',
    'Суроо-талапты окуу мүмкүн эмес',
  ),
  idempotency_key_required: entry(
    400,
    'An Idempotency-Key header is required',
    'Нужен заголовок Idempotency-Key',
    'Idempotency-Key баш сабы керек',
  ),
  unauthorized: entry(401, 'Please sign in', 'Войдите в систему', 'Системага кириңиз'),
  invalid_credentials: entry(
    401,
    'Wrong phone or password',
    'Неверный телефон или пароль',
    'Телефон же сырсөз туура эмес',
  ),
  webhook_refused: entry(
    401,
    'The message is not signed as agreed',
    'Подпись сообщения не принята',
    'Билдирүүнүн кол тамгасы кабыл алынган жок',
  ),
  forbidden: entry(403, 'You may not do this', 'У вас нет права на это действие', 'Бул аракетке укугуңуз жок'),
  not_found: entry(404, 'There is nothing here', 'Ничего не найдено', 'Эч нерсе табылган жок'),
  ticket_not_found: entry(404, 'There is no such ticket', 'Такого билета нет', 'Мындай билет жок'),
  park_not_found: entry(404, 'There is no such park', 'Такого парка нет', 'Мындай парк жок'),
  payment_not_found: entry(404, 'There is no such payment', 'Такого платежа нет', 'Мындай төлөм жок'),
  child_not_found: entry(
    404,
    'There is no such child in the profile',
    'Такого ребёнка нет в профиле',
    'Профилде мындай бала жок',
  ),
  method_not_allowed: entry(
    405,
    'This address does not support the method',
    'Этот адрес не поддерживает такой метод',
    'Бул дарек мындай ыкманы колдобойт',
  ),
  not_acceptable: entry(
    406,
    'No answer in the accepted formats',
    'Нет ответа в запрошенном формате',
    'Суралган форматта жооп жок',
  ),
  request_timeout: entry(
    408,
    'The request took too long to arrive',
    'Запрос передавался слишком долго',
    'Суроо-талап өтө көпкө жөнөтүлдү',
    { transient: true },
  ),
  phone_taken: entry(
    409,
    'This phone is already registered',
    'Этот номер уже зарегистрирован',
    'Бул номер мурунтан катталган',
  ),
  too_many_children: entry(
    409,
    'The account holds as many children as it can',
    'В профиле уже наибольшее число детей',
    'Профилде балдардын саны чегине жетти',
  ),
  park_at_capacity: entry(
    409,
    'Not enough places are left on this day',
    'На этот день мест не осталось',
    'Бул күнгө орун калган жок',
  ),
  park_closed: entry(409, 'The park is closed on this day', 'В этот день парк закрыт', 'Бул күнү парк жабык'),
  date_not_bookable: entry(
    409,
    'No tickets are sold for this day',
    'На этот день билеты не продаются',
    'Бул күнгө билет сатылбайт',
  ),
  not_paid: entry(409, 'The ticket is not paid', 'Билет не оплачен', 'Билет төлөнгөн эмес'),
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
  idempotency_key_in_flight: entry(
    409,
    'The first request with this key is still running',
    'Первый запрос с этим ключом ещё выполняется',
    'Бул ачкыч менен биринчи суроо-талап дагы аткарылууда',
    soon,
  ),
  conflict: entry(409, 'The data changed meanwhile', 'Данные тем временем изменились', 'Маалымат бул аралыкта өзгөрдү'),
  precondition_failed: entry(
    412,
    'You edited an older version',
    'Вы изменяли устаревшую версию',
    'Сиз эски нускасын өзгөрттүңүз',
  ),
  payload_too_large: entry(413, 'The request is too large', 'Запрос слишком большой', 'Суроо-талап өтө чоң'),
  unsupported_media_type: entry(
    415,
    'This content type is not supported',
    'Такой тип содержимого не поддерживается',
    'Мындай мазмун түрү колдоого алынбайт',
  ),
  expectation_failed: entry(
    417,
    'The Expect header cannot be met',
    'Заголовок Expect нельзя выполнить',
    'Expect баш сабын аткаруу мүмкүн эмес',
  ),
  idempotency_key_reused: entry(
    422,
    'This key was used for another request',
    'Этот ключ уже использован для другого запроса',
    'Бул ачкыч башка суроо-талапка колдонулган',
  ),
  precondition_required: entry(
    428,
    'An If-Match header is required',
    'Нужен заголовок If-Match',
    'If-Match баш сабы керек',
  ),
  rate_limited: entry(
    429,
    'Too many requests, please wait',
    'Слишком много запросов, подождите',
    'Суроо-талап өтө көп, күтө туруңуз',
    soon,
  ),
  headers_too_large: entry(
    431,
    'The request headers are too large',
    'Заголовки запроса слишком большие',
    'Суроо-талаптын баш саптары өтө чоң',
  ),
  internal: entry(500, 'Something went wrong on our side', 'У нас произошла ошибка', 'Биз тарапта ката кетти', {
    transient: true,
  }),
  busy: entry(
    503,
    'The service is busy, please try again shortly',
    'Сервис занят, повторите чуть позже',
    'Кызмат бош эмес, бир аздан кийин кайталаңыз',
    soon,
  ),
  provider_unavailable: entry(
    503,
    'The payment provider does not answer',
    'Платёжный провайдер не отвечает',
    'Төлөм провайдери жооп бербей жатат',
    later,
  ),
} satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** The row of a code, with its optional columns visible. */
export const errorEntry = (code: ErrorCode): ErrorEntry => ERRORS[code];

/** Whether a text is one of the codes. */
export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text);

/** All codes, by status and then by name. */
export const errorCodes = (): ErrorCode[] =>
  Object.keys(ERRORS)
    .filter(isErrorCode)
    .toSorted((a, b) => ERRORS[a].status - ERRORS[b].status || (a < b ? -1 : 1));
