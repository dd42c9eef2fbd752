import type { Language } from './language-list.ts';

/** What can be wrong with a field; `of` is the figure that bounds it. */
type Faults = {
  readonly missing: string;
  readonly short: (of: string) => string;
  readonly long: (of: string) => string;
  readonly small: (of: string) => string;
  readonly large: (of: string) => string;
  readonly sum: string;
  readonly order: string;
  readonly unknown: string;
};

type Words = { readonly check: string; readonly faults: Faults; readonly fields: Readonly<Record<string, string>> };

const WORDS: Readonly<Record<Language, Words>> = {
  ru: {
    check: 'Проверьте, что введено',
    faults: {
      missing: 'нужно заполнить',
      short: (of) => `не короче ${of} знаков`,
      long: (of) => `не длиннее ${of} знаков`,
      small: (of) => `не меньше ${of}`,
      large: (of) => `не больше ${of}`,
      sum: 'нужна сумма, например 350 или 350,50',
      order: 'конец раньше начала',
      unknown: 'проверьте это поле',
    },
    fields: {
      name: 'Имя или название',
      phone: 'Телефон',
      email: 'Почта',
      password: 'Пароль',
      new_password: 'Новый пароль',
      birth_date: 'Дата рождения',
      code: 'Код',
      reason: 'Причина',
      note: 'Пояснение',
      date: 'День',
      from: 'Начало',
      to: 'Конец',
      price: 'Цена',
      price_under_3: 'Цена до 3 лет',
      price_over_3: 'Цена с 3 лет',
      price_adult: 'Цена взрослого',
      min_price: 'Наименьшая цена',
      amount: 'Сумма',
      sum: 'Сумма',
      percent: 'Процент',
      capacity: 'Вместимость',
      day_quota: 'Места дня',
      open_time: 'Открытие',
      close_time: 'Закрытие',
      valid_from: 'Действует с',
      valid_to: 'Действует до',
      valid_until: 'Действует до',
      visits: 'Посещения',
      address: 'Адрес',
      url: 'Адрес в сети',
      topics: 'Темы',
      children: 'Дети',
      adults: 'Взрослые',
      terminal_reference: 'Номер чека терминала',
    },
  },
  ky: {
    check: 'Киргизгениңизди текшериңиз',
    faults: {
      missing: 'толтуруу керек',
      short: (of) => `${of} белгиден кыска болбосун`,
      long: (of) => `${of} белгиден узун болбосун`,
      small: (of) => `${of} санынан аз болбосун`,
      large: (of) => `${of} санынан көп болбосун`,
      sum: 'сумма керек, мисалы 350 же 350,50',
      order: 'аягы башынан эрте',
      unknown: 'бул талааны текшериңиз',
    },
    fields: {
      name: 'Аты',
      phone: 'Телефон',
      email: 'Почта',
      password: 'Сырсөз',
      new_password: 'Жаңы сырсөз',
      birth_date: 'Туулган күнү',
      code: 'Код',
      reason: 'Себеби',
      note: 'Түшүндүрмө',
      date: 'Күнү',
      from: 'Башы',
      to: 'Аягы',
      price: 'Баасы',
      price_under_3: '3 жашка чейинки баасы',
      price_over_3: '3 жаштан баасы',
      price_adult: 'Чоң кишинин баасы',
      min_price: 'Эң аз баасы',
      amount: 'Суммасы',
      sum: 'Суммасы',
      percent: 'Пайызы',
      capacity: 'Сыйымдуулугу',
      day_quota: 'Күндүн орундары',
      open_time: 'Ачылышы',
      close_time: 'Жабылышы',
      valid_from: 'Качантан тартып жарактуу',
      valid_to: 'Качанга чейин жарактуу',
      valid_until: 'Качанга чейин жарактуу',
      visits: 'Баруулар',
      address: 'Дареги',
      url: 'Тармактагы дареги',
      topics: 'Темалар',
      children: 'Балдар',
      adults: 'Чоңдор',
      terminal_reference: 'Терминал чегинин номери',
    },
  },
  en: {
    check: 'Please check what you typed',
    faults: {
      missing: 'has to be filled in',
      short: (of) => `at least ${of} characters`,
      long: (of) => `at most ${of} characters`,
      small: (of) => `not less than ${of}`,
      large: (of) => `not more than ${of}`,
      sum: 'has to be a sum such as 350 or 350.50',
      order: 'the end is before the beginning',
      unknown: 'please check this field',
    },
    fields: {
      name: 'Name',
      phone: 'Phone',
      email: 'E-mail',
      password: 'Password',
      new_password: 'New password',
      birth_date: 'Date of birth',
      code: 'Code',
      reason: 'Reason',
      note: 'Explanation',
      date: 'Day',
      from: 'From',
      to: 'To',
      price: 'Price',
      price_under_3: 'Price under 3',
      price_over_3: 'Price from 3',
      price_adult: 'Price of an adult',
      min_price: 'Least price',
      amount: 'Amount',
      sum: 'Sum',
      percent: 'Percent',
      capacity: 'Capacity',
      day_quota: 'Places of the day',
      open_time: 'Opens',
      close_time: 'Closes',
      valid_from: 'Valid from',
      valid_to: 'Valid until',
      valid_until: 'Valid until',
      visits: 'Visits',
      address: 'Address',
      url: 'Web address',
      topics: 'Topics',
      children: 'Children',
      adults: 'Adults',
      terminal_reference: 'Number of the terminal slip',
    },
  },
};

/** What the node says of a field, in English and for programs, by what is wrong; the first group is its bound. */
const KINDS: readonly (readonly [RegExp, Exclude<keyof Faults, 'unknown'>])[] = [
  [/^is required$/, 'missing'],
  [/^must NOT have fewer than (\d+)/, 'short'],
  [/^must NOT have more than (\d+)/, 'long'],
  [/^must be >=? (-?[\d.]+)/, 'small'],
  [/^must be <=? (-?[\d.]+)/, 'large'],
  [/^must be (?:a sum|more than 0)/, 'sum'],
  [/^must not be before /, 'order'],
];

function faultInWords(message: string, faults: Faults): string {
  for (const [pattern, kind] of KINDS) {
    const match = pattern.exec(message);
    if (match === null) continue;
    const words = faults[kind];
    return typeof words === 'string' ? words : words(match[1] ?? '');
  }
  return faults.unknown;
}

/**
 * What is wrong with a field, in the reader's language: `Телефон: нужно заполнить`.
 * @param path where it is in the request: `children.0.birth_date`; the last name that we have a word for is shown
 */
export function wrongFieldInWords(path: string, message: string, locale: Language): string {
  const { check, faults, fields } = WORDS[locale];
  const known = path.split('.').findLast((part) => Object.hasOwn(fields, part));
  const label = known === undefined ? check : fields[known];
  return `${label}: ${faultInWords(message, faults)}`;
}
