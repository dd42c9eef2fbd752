import type { Language } from '../i18n/language-list.ts';
import { language } from '../i18n/language.ts';

/** Words about second factors, which every app has. They are few, so all languages are in one file. */
type Words = {
  readonly codeTitle: string;
  readonly code: string;
  readonly codeHint: string;
  readonly recoveryCode: string;
  readonly recoveryHint: string;
  readonly useRecoveryCode: string;
  readonly useApp: string;
  readonly usePasskey: string;
  readonly passkeyHint: string;
  readonly passkeyFailed: string;
  readonly enter: string;
  readonly proveTitle: string;
  readonly proveLead: string;
  readonly password: string;
  readonly confirm: string;
  readonly gaveUp: string;
  readonly factor: string;
  readonly isOff: string;
  readonly isOn: string;
  readonly mustBeOn: string;
  readonly turnOn: string;
  readonly turnOff: string;
  readonly turnOffText: string;
  readonly scan: string;
  readonly typeSecret: string;
  readonly qrCode: string;
  readonly codesTitle: string;
  readonly codesText: string;
  readonly codesKept: string;
  readonly codesLeft: (count: number) => string;
  readonly newCodes: string;
  readonly on: string;
  readonly off: string;
  readonly reset: string;
  readonly resetText: string;
  readonly resetDone: string;
};

const WORDS: Readonly<Record<Language, Words>> = {
  ru: {
    codeTitle: 'Код из приложения',
    code: 'Код',
    codeHint: 'Шесть цифр из приложения для входа',
    recoveryCode: 'Запасной код',
    recoveryHint: 'Каждый действует один раз',
    useRecoveryCode: 'Нет телефона: ввести запасной код',
    useApp: 'Ввести код из приложения',
    usePasskey: 'Использовать ключ доступа',
    passkeyHint: 'Браузер попросит ключ доступа: палец, лицо, ПИН-код или ключ USB.',
    passkeyFailed: 'Ключ доступа не ответил. Попробуйте ещё раз или войдите иначе.',
    enter: 'Войти',
    proveTitle: 'Подтвердите, что это вы',
    proveLead: 'Для этого действия нужно недавнее подтверждение.',
    password: 'Пароль',
    confirm: 'Подтвердить',
    gaveUp: 'Вход не завершён',
    factor: 'Второй фактор',
    isOff: 'Кроме пароля, при входе можно спрашивать код из приложения на вашем телефоне.',
    isOn: 'При входе спрашивается код из приложения.',
    mustBeOn: 'Служебные права действуют только со вторым фактором. Подключите его, чтобы продолжить.',
    turnOn: 'Подключить приложение',
    turnOff: 'Отключить приложение',
    turnOffText:
      'Код из приложения больше не будет спрашиваться, остальные сеансы завершатся. Запасные коды исчезнут, если нет ключа доступа.',
    scan: 'Откройте приложение для кодов и отсканируйте этот QR-код. Затем введите шесть цифр, которые оно покажет.',
    typeSecret: 'Или введите ключ вручную:',
    qrCode: 'QR-код для приложения',
    codesTitle: 'Запасные коды',
    codesText: 'Сохраните их в надёжном месте: они показаны только сейчас. Каждый заменяет телефон один раз.',
    codesKept: 'Я сохранил(а) коды',
    codesLeft: (count) => `Запасных кодов осталось: ${count}`,
    newCodes: 'Получить новые запасные коды',
    on: 'Второй фактор подключён',
    off: 'Второй фактор отключён',
    reset: 'Сбросить второй фактор',
    resetText:
      'Убедитесь лично или по известному вам номеру, что об этом просит сам человек. Его второй фактор и запасные коды исчезнут, все сеансы завершатся, ему придёт сообщение. Новый он подключит сам.',
    resetDone: 'Второй фактор сброшен',
  },
  ky: {
    codeTitle: 'Колдонмодогу код',
    code: 'Код',
    codeHint: 'Кирүү колдонмосундагы алты сан',
    recoveryCode: 'Кошумча код',
    recoveryHint: 'Ар бири бир жолу жарайт',
    useRecoveryCode: 'Телефон жок: кошумча код киргизүү',
    useApp: 'Колдонмодогу кодду киргизүү',
    usePasskey: 'Кирүү ачкычын колдонуу',
    passkeyHint: 'Браузер кирүү ачкычын сурайт: манжа, жүз, PIN-код же USB ачкыч.',
    passkeyFailed: 'Кирүү ачкычы жооп берген жок. Кайра аракет кылыңыз же башкача кириңиз.',
    enter: 'Кирүү',
    proveTitle: 'Бул сиз экениңизди ырастаңыз',
    proveLead: 'Бул аракет үчүн жакында ырасталган болушу керек.',
    password: 'Сырсөз',
    confirm: 'Ырастоо',
    gaveUp: 'Кирүү аягына чыккан жок',
    factor: 'Экинчи фактор',
    isOff: 'Кирүүдө сырсөздөн тышкары телефонуңуздагы колдонмонун кодун суроого болот.',
    isOn: 'Кирүүдө колдонмонун коду суралат.',
    mustBeOn: 'Кызматтык укуктар экинчи фактор менен гана иштейт. Улантуу үчүн аны кошуңуз.',
    turnOn: 'Колдонмону кошуу',
    turnOff: 'Колдонмону өчүрүү',
    turnOffText:
      'Колдонмонун коду мындан ары суралбайт, башка сеанстар бүтөт. Кошумча коддор кирүү ачкычы жок болсо жоголот.',
    scan: 'Код берүүчү колдонмону ачып, бул QR-кодду сканерлеңиз. Андан соң ал көрсөткөн алты санды киргизиңиз.',
    typeSecret: 'Же ачкычты кол менен киргизиңиз:',
    qrCode: 'Колдонмо үчүн QR-код',
    codesTitle: 'Кошумча коддор',
    codesText: 'Аларды ишенимдүү жерге сактаңыз: азыр гана көрсөтүлөт. Ар бири телефонду бир жолу алмаштырат.',
    codesKept: 'Коддорду сактадым',
    codesLeft: (count) => `Калган кошумча коддор: ${count}`,
    newCodes: 'Жаңы кошумча коддорду алуу',
    on: 'Экинчи фактор кошулду',
    off: 'Экинчи фактор өчүрүлдү',
    reset: 'Экинчи факторду алып салуу',
    resetText:
      'Муну адам өзү сураганын жүзмө-жүз же сизге белгилүү номер аркылуу текшериңиз. Анын экинчи фактору жана кошумча коддору жоголот, бардык сеанстары бүтөт, ага билдирүү келет. Жаңысын өзү кошот.',
    resetDone: 'Экинчи фактор алынды',
  },
  en: {
    codeTitle: 'Code from your app',
    code: 'Code',
    codeHint: 'Six digits from your authenticator app',
    recoveryCode: 'Recovery code',
    recoveryHint: 'Each is good once',
    useRecoveryCode: 'No telephone: use a recovery code',
    useApp: 'Use the code from the app',
    usePasskey: 'Use a passkey',
    passkeyHint: 'The browser asks for your passkey: a finger, a face, a PIN or a USB key.',
    passkeyFailed: 'The passkey did not answer. Try again, or use another way.',
    enter: 'Sign in',
    proveTitle: 'Show that it is you',
    proveLead: 'This needs a proof that is not old.',
    password: 'Password',
    confirm: 'Confirm',
    gaveUp: 'You did not finish signing in',
    factor: 'Second factor',
    isOff: 'Besides the password, signing in can ask for a code from an app on your telephone.',
    isOn: 'Signing in asks for a code from your app.',
    mustBeOn: 'Duties count only with a second factor. Set one up to go on.',
    turnOn: 'Set up an app',
    turnOff: 'Remove the app',
    turnOffText:
      'No code of the app is asked for any more, and other sessions end. Without a passkey, recovery codes are gone too.',
    scan: 'Open your authenticator app and scan this QR code. Then type the six digits that it shows.',
    typeSecret: 'Or type the key by hand:',
    qrCode: 'QR code for the app',
    codesTitle: 'Recovery codes',
    codesText: 'Keep them in a safe place: they are shown only now. Each stands in for the telephone once.',
    codesKept: 'I have kept the codes',
    codesLeft: (count) => `Recovery codes left: ${count}`,
    newCodes: 'Get new recovery codes',
    on: 'The second factor is set up',
    off: 'The second factor was removed',
    reset: 'Reset the second factor',
    resetText:
      'Make sure, in person or under a number you know, that the person asks for it. The second factor and the recovery codes are gone, all sessions end, and a message says so. A new one is set up by its owner alone.',
    resetDone: 'The second factor was reset',
  },
};

export const words = (): Words => WORDS[language.value];
