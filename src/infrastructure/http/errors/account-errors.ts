import { entry, type ErrorEntry } from './entry.ts';

/** Refusals about accounts, sessions, people and rights. */
export const ACCOUNT_ERRORS = {
  unauthorized: entry(401, 'Please sign in', 'Войдите в систему', 'Системага кириңиз'),
  invalid_credentials: entry(
    401,
    'Wrong phone or password',
    'Неверный телефон или пароль',
    'Телефон же сырсөз туура эмес',
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
} satisfies Record<string, ErrorEntry>;
