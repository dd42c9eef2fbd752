import { entry, soon, type ErrorEntry } from './entry.ts';

/** Refusals that any request may meet, whatever it asks for. */
export const REQUEST_ERRORS = {
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
  not_found: entry(404, 'There is nothing here', 'Ничего не найдено', 'Эч нерсе табылган жок'),
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
  hq_only: entry(
    503,
    'Only headquarters can do this, not the node of a park',
    'Это может только головной офис, не узел парка',
    'Муну башкы кеңсе гана жасай алат, парктын түйүнү эмес',
  ),
  busy: entry(
    503,
    'The service is busy, please try again shortly',
    'Сервис занят, повторите чуть позже',
    'Кызмат бош эмес, бир аздан кийин кайталаңыз',
    soon,
  ),
} satisfies Record<string, ErrorEntry>;
