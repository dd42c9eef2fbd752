import { entry, later, type ErrorEntry } from './entry.ts';

/** Refusals about accounts, sessions, people and rights. */
export const ACCOUNT_ERRORS = {
  unauthorized: entry(401, 'Please sign in', 'Войдите в систему', 'Системага кириңиз'),
  invalid_credentials: entry(
    401,
    'Wrong phone or password',
    'Неверный телефон или пароль',
    'Телефон же сырсөз туура эмес',
  ),
  invalid_code: entry(
    401,
    'The code is wrong or no longer good',
    'Код неверен или больше не действует',
    'Код туура эмес же эми жарабайт',
  ),
  invalid_reset_token: entry(
    401,
    'The reset token is not good any more',
    'Токен сброса больше не действует',
    'Калыбына келтирүү токени эми жарабайт',
  ),
  proof_needs_sign_in: entry(
    403,
    'Sign in with the password to confirm the number of this account',
    'Чтобы подтвердить номер этой учётной записи, войдите с паролем',
    'Бул каттоонун номерин ырастоо үчүн сырсөз менен кириңиз',
  ),
  number_released: entry(
    409,
    'The number was never confirmed by the account that had it; that account is closed, and you can register',
    'Прежняя учётная запись не подтвердила этот номер и закрыта; теперь его можно зарегистрировать',
    'Мурунку каттоо бул номерди ырастаган эмес жана жабылды; эми аны каттасаңыз болот',
  ),
  number_unproven: entry(
    409,
    'The owner of this account must confirm its phone number first',
    'Сначала владелец учётной записи должен подтвердить номер телефона',
    'Адегенде каттоонун ээси телефон номерин ырасташы керек',
  ),
  forbidden: entry(403, 'You may not do this', 'У вас нет права на это действие', 'Бул аракетке укугуңуз жок'),
  wrong_password: entry(403, 'The current password is wrong', 'Текущий пароль неверен', 'Учурдагы сырсөз туура эмес'),
  user_not_found: entry(404, 'There is no such account', 'Такой учётной записи нет', 'Мындай аккаунт жок'),
  child_not_found: entry(
    404,
    'There is no such child in the profile',
    'Такого ребёнка нет в профиле',
    'Профилде мындай бала жок',
  ),
  link_expired: entry(
    403,
    'This link is over, or was changed',
    'Срок ссылки истёк, или она изменена',
    'Шилтеменин мөөнөтү бүттү же ал өзгөртүлгөн',
  ),
  photo_not_found: entry(404, 'There is no such picture', 'Такого снимка нет', 'Мындай сүрөт жок'),
  unreadable_image: entry(400, 'The picture cannot be read', 'Снимок не удаётся прочитать', 'Сүрөттү окуу мүмкүн эмес'),
  account_in_use: entry(
    409,
    'There are tickets to use or payments to end before the account can be deleted',
    'Сначала нужно использовать или отменить билеты и дождаться платежей',
    'Адегенде билеттерди колдонуп же жокко чыгарып, төлөмдөрдү күтүү керек',
  ),
  staff_account: entry(
    409,
    'An account with duties cannot be deleted; an administrator takes them away first',
    'Учётную запись сотрудника нельзя удалить, пока у неё есть роли',
    'Кызматкердин каттоосун анын ролдору бар кезде өчүрүүгө болбойт',
  ),
  consent_required: entry(
    409,
    'An account cannot be without this consent',
    'Без этого согласия учётная запись невозможна',
    'Бул макулдуксуз каттоо мүмкүн эмес',
  ),
  phone_taken: entry(
    409,
    'This phone is already registered',
    'Этот номер уже зарегистрирован',
    'Бул номер мурунтан катталган',
  ),
  last_admin: entry(
    409,
    'Somebody must be left who is an admin',
    'Должен остаться хотя бы один администратор',
    'Жок дегенде бир администратор калышы керек',
  ),
  too_many_children: entry(
    409,
    'The account holds as many children as it can',
    'В профиле уже наибольшее число детей',
    'Профилде балдардын саны чегине жетти',
  ),
  codes_unavailable: entry(
    503,
    'Codes cannot be sent at the moment',
    'Сейчас нельзя отправить код',
    'Азыр код жөнөтүү мүмкүн эмес',
    later,
  ),
} satisfies Record<string, ErrorEntry>;
