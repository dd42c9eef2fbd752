import { chooseLanguage } from '../http/language.ts';

/** What the payer's page says; `code` and `tries` are numbers within their texts. */
export type PayerTexts = {
  readonly language: 'ru' | 'ky' | 'en';
  readonly title: string;
  readonly sandbox: string;
  readonly scan: string;
  readonly byCard: string;
  readonly pay: string;
  readonly decline: string;
  readonly expire: string;
  readonly codeTitle: string;
  readonly codeLabel: string;
  readonly codeHint: (code: string) => string;
  readonly wrongCode: (tries: number) => string;
  readonly confirm: string;
  readonly paid: string;
  readonly declined: string;
  readonly expired: string;
  readonly back: string;
};

const TEXTS: Readonly<Record<PayerTexts['language'], PayerTexts>> = {
  ru: {
    language: 'ru',
    title: 'Оплата в песочнице',
    sandbox: 'Песочница: настоящих денег здесь нет',
    scan: 'Так выглядит QR-код ELQR для приложения банка. Здесь платят кнопкой.',
    byCard: 'Оплата картой «Элкарт»',
    pay: 'Оплатить',
    decline: 'Отказаться',
    expire: 'Дать сроку истечь',
    codeTitle: 'Подтвердите оплату',
    codeLabel: 'Код из СМС банка',
    codeHint: (code) => `В песочнице код всегда ${code}.`,
    wrongCode: (tries) => `Код неверный. Осталось попыток: ${tries}`,
    confirm: 'Подтвердить',
    paid: 'Оплачено',
    declined: 'Платёж отклонён',
    expired: 'Срок оплаты истёк',
    back: 'Вернуться в магазин',
  },
  ky: {
    language: 'ky',
    title: 'Сыноо төлөмү',
    sandbox: 'Сыноо: бул жерде чыныгы акча жок',
    scan: 'Банктын тиркемеси үчүн ELQR коду ушундай болот. Бул жерде баскыч менен төлөнөт.',
    byCard: '«Элкарт» картасы менен төлөө',
    pay: 'Төлөө',
    decline: 'Баш тартуу',
    expire: 'Мөөнөтүн бүтүрүү',
    codeTitle: 'Төлөмдү ырастаңыз',
    codeLabel: 'Банктын SMS коду',
    codeHint: (code) => `Сыноодо код дайыма ${code}.`,
    wrongCode: (tries) => `Код туура эмес. Калган аракет: ${tries}`,
    confirm: 'Ырастоо',
    paid: 'Төлөндү',
    declined: 'Төлөм четке кагылды',
    expired: 'Төлөө мөөнөтү бүттү',
    back: 'Дүкөнгө кайтуу',
  },
  en: {
    language: 'en',
    title: 'Sandbox payment',
    sandbox: 'Sandbox: no real money moves here',
    scan: 'This is what the ELQR code for a bank’s application looks like. Here a button pays.',
    byCard: 'Payment by ElCard',
    pay: 'Pay',
    decline: 'Decline',
    expire: 'Let it expire',
    codeTitle: 'Confirm the payment',
    codeLabel: 'Code from your bank’s message',
    codeHint: (code) => `In the sandbox the code is always ${code}.`,
    wrongCode: (tries) => `Wrong code. Tries left: ${tries}`,
    confirm: 'Confirm',
    paid: 'Paid',
    declined: 'The payment was declined',
    expired: 'The time to pay is over',
    back: 'Return to the shop',
  },
};

/** In the language of the payer's browser; Russian when it names none of ours. */
export const payerTexts = (acceptLanguage: string | undefined): PayerTexts =>
  TEXTS[chooseLanguage([acceptLanguage ?? '', 'ru;q=0.001'].filter(Boolean).join(','))];
