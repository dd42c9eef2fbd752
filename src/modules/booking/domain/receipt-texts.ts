import type { Language } from '../../../kernel/human-text.ts';
import type { PriceLine } from './pricing.ts';

/** How money came: through a provider, or at the desk. */
export type ReceiptMethod = 'elqr' | 'elcard' | 'cash' | 'elcard_terminal';
/** How far money is that goes back. */
export type ReceiptRefundStatus = 'requested' | 'submitted' | 'succeeded' | 'manual';
/** `kept` is what was received and neither went back nor will. */
export type ReceiptSum = 'price' | 'received' | 'refunded' | 'to_refund' | 'kept';

/** How far the receipts are that the tax service wants; `no_register` says that there are none. */
export type FiscalStatus = 'pending' | 'issued' | 'no_register' | 'none_required';

type Texts = {
  readonly title: string;
  readonly lines: Readonly<Record<PriceLine['kind'], string>>;
  readonly sums: Readonly<Record<ReceiptSum, string>>;
  readonly methods: Readonly<Record<ReceiptMethod, string>>;
  readonly refunds: Readonly<Record<ReceiptRefundStatus, string>>;
  readonly fiscal: Readonly<Record<FiscalStatus | 'test', string>>;
};

/** The words of receipts. */
export const RECEIPT_TEXTS: Readonly<Record<Language, Texts>> = {
  ru: {
    title: 'Чек',
    lines: {
      child_under_3: 'Ребёнок до 3 лет',
      child_over_3: 'Ребёнок от 3 лет',
      adult: 'Взрослый',
      pass: 'По абонементу',
      group_discount: 'Скидка для группы',
      promo_code: 'Промокод',
      tier_discount: 'Скидка уровня',
      points: 'Оплачено баллами',
    },
    sums: {
      price: 'Итого',
      received: 'Получено',
      refunded: 'Возвращено',
      to_refund: 'Будет возвращено',
      kept: 'Остаётся оплаченным',
    },
    methods: { elqr: 'ELQR', elcard: 'Элкарт', cash: 'Наличные', elcard_terminal: 'Картой на кассе' },
    refunds: {
      requested: 'Возврат запрошен',
      submitted: 'Возврат передан провайдеру',
      succeeded: 'Деньги возвращены',
      manual: 'Деньги вернёт сотрудник',
    },
    fiscal: {
      issued: 'Фискальный чек выдан',
      pending: 'Фискальный чек оформляется',
      no_register: 'Фискального чека нет: касса не подключена',
      none_required: 'Фискальный чек не требуется',
      test: 'Чек тестовой кассы, не фискальный',
    },
  },
  ky: {
    title: 'Чек',
    lines: {
      child_under_3: '3 жашка чейинки бала',
      child_over_3: '3 жаштан өйдө бала',
      adult: 'Чоң киши',
      pass: 'Абонемент боюнча',
      group_discount: 'Топ үчүн арзандатуу',
      promo_code: 'Промокод',
      tier_discount: 'Деңгээл боюнча арзандатуу',
      points: 'Упайлар менен төлөндү',
    },
    sums: {
      price: 'Жыйынтыгы',
      received: 'Алынды',
      refunded: 'Кайтарылды',
      to_refund: 'Кайтарылат',
      kept: 'Төлөнгөн бойдон калат',
    },
    methods: { elqr: 'ELQR', elcard: 'Элкарт', cash: 'Накталай', elcard_terminal: 'Кассада карта менен' },
    refunds: {
      requested: 'Кайтаруу суралды',
      submitted: 'Кайтаруу провайдерге берилди',
      succeeded: 'Акча кайтарылды',
      manual: 'Акчаны кызматкер кайтарат',
    },
    fiscal: {
      issued: 'Фискалдык чек берилди',
      pending: 'Фискалдык чек даярдалып жатат',
      no_register: 'Фискалдык чек жок: касса кошулган эмес',
      none_required: 'Фискалдык чек талап кылынбайт',
      test: 'Сыноо кассасынын чеги, фискалдык эмес',
    },
  },
  en: {
    title: 'Receipt',
    lines: {
      child_under_3: 'Child under 3',
      child_over_3: 'Child from 3 years',
      adult: 'Adult',
      pass: 'By pass',
      group_discount: 'Group discount',
      promo_code: 'Promo code',
      tier_discount: 'Tier discount',
      points: 'Paid with points',
    },
    sums: {
      price: 'Total',
      received: 'Received',
      refunded: 'Refunded',
      to_refund: 'To be refunded',
      kept: 'Stays paid',
    },
    methods: { elqr: 'ELQR', elcard: 'ElCard', cash: 'Cash', elcard_terminal: 'Card at the desk' },
    refunds: {
      requested: 'Refund requested',
      submitted: 'Refund with the provider',
      succeeded: 'Money returned',
      manual: 'Staff will return the money',
    },
    fiscal: {
      issued: 'The fiscal receipt is issued',
      pending: 'The fiscal receipt is being issued',
      no_register: 'There is no fiscal receipt: no cash register is connected',
      none_required: 'No fiscal receipt is due',
      test: 'The receipt of a test register, not a fiscal one',
    },
  },
};
