import type { Language } from './language-list.ts';
import { language } from './language.ts';

/** Texts that every app has. They are few, so all languages are in one file. */
type Common = {
  readonly loading: string;
  readonly retry: string;
  readonly close: string;
  readonly cancel: string;
  readonly back: string;
  readonly save: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: Readonly<Record<'auto' | 'light' | 'dark', string>>;
  readonly skip: string;
  readonly offlineTitle: string;
  readonly offline: string;
  readonly internalTitle: string;
  readonly internal: string;
  readonly newVersion: string;
  readonly useNewVersion: string;
  readonly noPage: string;
  readonly fewer: string;
  readonly more: string;
};

const COMMON: Readonly<Record<Language, Common>> = {
  ru: {
    loading: 'Загружается…',
    retry: 'Повторить',
    close: 'Закрыть',
    cancel: 'Отмена',
    back: 'Назад',
    save: 'Сохранить',
    language: 'Язык',
    theme: 'Оформление',
    themes: { auto: 'Как на устройстве', light: 'Светлое', dark: 'Тёмное' },
    skip: 'Перейти к содержанию',
    offlineTitle: 'Нет связи',
    offline: 'Проверьте интернет и повторите. То, что вы ввели, на месте.',
    internalTitle: 'У нас что-то сломалось',
    internal: 'Попробуйте ещё раз через минуту.',
    newVersion: 'Готова новая версия страницы.',
    useNewVersion: 'Обновить',
    noPage: 'Такой страницы нет',
    fewer: 'Меньше',
    more: 'Больше',
  },
  ky: {
    loading: 'Жүктөлүүдө…',
    retry: 'Кайталоо',
    close: 'Жабуу',
    cancel: 'Жокко чыгаруу',
    back: 'Артка',
    save: 'Сактоо',
    language: 'Тил',
    theme: 'Көрүнүшү',
    themes: { auto: 'Түзмөктөгүдөй', light: 'Жарык', dark: 'Караңгы' },
    skip: 'Мазмунга өтүү',
    offlineTitle: 'Байланыш жок',
    offline: 'Интернетти текшерип, кайталаңыз. Киргизгениңиз өз ордунда.',
    internalTitle: 'Бизде бир нерсе бузулду',
    internal: 'Бир мүнөттөн кийин кайра аракет кылыңыз.',
    newVersion: 'Барактын жаңы версиясы даяр.',
    useNewVersion: 'Жаңыртуу',
    noPage: 'Мындай барак жок',
    fewer: 'Азыраак',
    more: 'Көбүрөөк',
  },
  en: {
    loading: 'Loading…',
    retry: 'Try again',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back',
    save: 'Save',
    language: 'Language',
    theme: 'Appearance',
    themes: { auto: 'Like the device', light: 'Light', dark: 'Dark' },
    skip: 'Skip to content',
    offlineTitle: 'No connection',
    offline: 'Check the internet and try again. What you typed is still there.',
    internalTitle: 'Something broke on our side',
    internal: 'Please try again in a minute.',
    newVersion: 'A new version of this page is ready.',
    useNewVersion: 'Update',
    noPage: 'There is no such page',
    fewer: 'Fewer',
    more: 'More',
  },
};

export const common = (): Common => COMMON[language.value];
