import type { Language } from '../../shared/i18n/language-list.ts';
import { language } from '../../shared/i18n/language.ts';

/** Words about passkeys of staff. They are few, so all languages are in one file. */
type Words = {
  readonly title: string;
  readonly lead: string;
  readonly elsewhere: (address: string) => string;
  readonly name: string;
  readonly nameHint: string;
  readonly add: string;
  readonly added: string;
  readonly used: (when: string) => string;
  readonly unused: string;
  readonly remove: (name: string) => string;
  readonly removeText: string;
  readonly removed: string;
};

const WORDS: Readonly<Record<Language, Words>> = {
  ru: {
    title: 'Ключи доступа',
    lead: 'Вместо кода можно входить ключом доступа: отпечатком, лицом, ПИН-кодом этого устройства или ключом USB. На узле парка по-прежнему нужно приложение.',
    elsewhere: (address) =>
      `Здесь ключи доступа не работают. Откройте консоль по адресу ${address} в браузере, который их знает.`,
    name: 'Название ключа',
    nameHint: 'Чтобы отличать его от других',
    add: 'Добавить ключ доступа',
    added: 'Ключ доступа добавлен',
    used: (when) => `использован ${when}`,
    unused: 'ещё не использован',
    remove: (name) => `Удалить «${name}»`,
    removeText:
      'Этот ключ больше не подойдёт, остальные сеансы завершатся. С последним фактором исчезнут запасные коды.',
    removed: 'Ключ доступа удалён',
  },
  ky: {
    title: 'Кирүү ачкычтары',
    lead: 'Коддун ордуна кирүү ачкычы менен кирсе болот: манжа изи, жүз, ушул түзмөктүн PIN-коду же USB ачкыч. Парктын түйүнүндө мурдагыдай эле колдонмо керек.',
    elsewhere: (address) =>
      `Бул жерде кирүү ачкычтары иштебейт. Консолду ${address} дареги боюнча аларды билген браузерде ачыңыз.`,
    name: 'Ачкычтын аталышы',
    nameHint: 'Башкалардан айырмалоо үчүн',
    add: 'Кирүү ачкычын кошуу',
    added: 'Кирүү ачкычы кошулду',
    used: (when) => `${when} колдонулган`,
    unused: 'колдонула элек',
    remove: (name) => `«${name}» ачкычын өчүрүү`,
    removeText: 'Бул ачкыч мындан ары жарабайт, башка сеанстар бүтөт. Акыркы фактор менен кошумча коддор да жоголот.',
    removed: 'Кирүү ачкычы өчүрүлдү',
  },
  en: {
    title: 'Passkeys',
    lead: 'In place of a code you can sign in with a passkey: a finger, a face or the PIN of this device, or a USB key. At the node of a park the app is still needed.',
    elsewhere: (address) => `Passkeys do not work here. Open the console at ${address} in a browser that knows them.`,
    name: 'Name of the passkey',
    nameHint: 'To tell it from others',
    add: 'Add a passkey',
    added: 'The passkey was added',
    used: (when) => `used ${when}`,
    unused: 'not used yet',
    remove: (name) => `Remove “${name}”`,
    removeText:
      'This passkey counts no more, and other sessions end. With the last factor the recovery codes are gone.',
    removed: 'The passkey was removed',
  },
};

export const passkeyWords = (): Words => WORDS[language.value];
