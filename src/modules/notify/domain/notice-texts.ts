import { formatDay, formatMoney, type Language } from '../../../kernel/human-text.ts';
import type { AccountNoticeKind, Notice, NoticeKind } from '../contract.ts';
import { ACCOUNT_TEXTS } from './account-texts.ts';
import type { Message } from './message.ts';

/** What a text names besides the notice. */
export type Names = {
  /** The park as it is called in the language; null for a notice of no park. */
  readonly park: string | null;
  /** Until when something is held, as the clock in the park shows it; null where nothing is. */
  readonly until: string | null;
};

type Parts = {
  readonly park: string;
  readonly day: string;
  readonly money: string;
  readonly until: string;
  readonly people: number;
};
type Texts = Readonly<
  Record<Exclude<NoticeKind, AccountNoticeKind>, (parts: Parts & { readonly from: string }) => Message>
>;

/** A sentence about money going back, with the space before it; none when nothing was paid. */
const goesBack = (money: string, sentence: (money: string) => string): string =>
  money === '' ? '' : ` ${sentence(money)}`;

const RU: Texts = {
  ticket_paid: ({ park, day, people }) => ({
    subject: 'Билет оплачен',
    text: `${park}, ${day}: билет оплачен, человек: ${people}. QR-код для входа — в приложении.`,
  }),
  hold_expired: ({ park, day }) => ({
    subject: 'Бронь истекла',
    text: `${park}, ${day}: билет не был оплачен вовремя, места освобождены.`,
  }),
  ticket_cancelled: ({ park, day, money }) => ({
    subject: 'Билет отменён',
    text: `${park}, ${day}: билет отменён.${goesBack(money, (sum) => `Вернём ${sum}.`)}`,
  }),
  day_cancelled: ({ park, day, money }) => ({
    subject: 'Парк закрыт в день вашего визита',
    text: `${park}, ${day}: парк в этот день закрыт, билет отменён.${goesBack(money, (sum) => `Вернём ${sum}.`)} Приносим извинения.`,
  }),
  ticket_moved: ({ park, day, from }) => ({
    subject: 'Билет перенесён',
    text: `${park}: билет перенесён с ${from} на ${day}. Прежний QR-код больше не действует.`,
  }),
  move_undone: ({ park, day, from }) => ({
    subject: 'Билет не перенесён',
    text: `${park}: по билету уже вошли ${day}, поэтому он не перенесён на ${from}. Доплата за перенос возвращается.`,
  }),
  cancel_denied: ({ park, day }) => ({
    subject: 'Билет не отменён',
    text: `${park}, ${day}: по билету уже вошли, поэтому он не отменён и деньги не возвращаются.`,
  }),
  money_returned: ({ money }) => ({ subject: 'Деньги возвращены', text: `Возвращено ${money}.` }),
  place_offered: ({ park, day, until }) => ({
    subject: 'Есть место',
    text: `${park}, ${day}: для вас освободилось место. Оплатите до ${until}, потом его предложат следующему.`,
  }),
};

const KY: Texts = {
  ticket_paid: ({ park, day, people }) => ({
    subject: 'Билет төлөндү',
    text: `${park}, ${day}: билет төлөндү, адам саны: ${people}. Кирүү үчүн QR-код тиркемеде.`,
  }),
  hold_expired: ({ park, day }) => ({
    subject: 'Брондун мөөнөтү бүттү',
    text: `${park}, ${day}: билет убагында төлөнгөн жок, орундар бошотулду.`,
  }),
  ticket_cancelled: ({ park, day, money }) => ({
    subject: 'Билет жокко чыгарылды',
    text: `${park}, ${day}: билет жокко чыгарылды.${goesBack(money, (sum) => `${sum} кайтарабыз.`)}`,
  }),
  day_cancelled: ({ park, day, money }) => ({
    subject: 'Сиз келе турган күнү парк жабык',
    text: `${park}, ${day}: бул күнү парк жабык, билет жокко чыгарылды.${goesBack(money, (sum) => `${sum} кайтарабыз.`)} Кечирим сурайбыз.`,
  }),
  ticket_moved: ({ park, day, from }) => ({
    subject: 'Билет башка күнгө жылдырылды',
    text: `${park}: билет жылдырылды. Мурунку күн: ${from}, жаңы күн: ${day}. Мурунку QR-код жараксыз.`,
  }),
  move_undone: ({ park, day, from }) => ({
    subject: 'Билет башка күнгө жылдырылган жок',
    text: `${park}: ${day} билет менен кирип коюшкан, ошондуктан ал башка күнгө (${from}) жылдырылган жок. Жылдыруу үчүн кошумча төлөм кайтарылат.`,
  }),
  cancel_denied: ({ park, day }) => ({
    subject: 'Билет жокко чыгарылган жок',
    text: `${park}, ${day}: билет менен кирип коюшкан, ошондуктан ал жокко чыгарылган жок, акча кайтарылбайт.`,
  }),
  money_returned: ({ money }) => ({ subject: 'Акча кайтарылды', text: `${money} кайтарылды.` }),
  place_offered: ({ park, day, until }) => ({
    subject: 'Орун бошоду',
    text: `${park}, ${day}: сиз үчүн орун бошоду. ${until} чейин төлөңүз, андан кийин кийинки адамга сунушталат.`,
  }),
};

const EN: Texts = {
  ticket_paid: ({ park, day, people }) => ({
    subject: 'Your ticket is paid',
    text: `${park}, ${day}: your ticket for ${people} is paid. The QR code for the gate is in the app.`,
  }),
  hold_expired: ({ park, day }) => ({
    subject: 'Your hold has ended',
    text: `${park}, ${day}: the ticket was not paid in time and its places are free again.`,
  }),
  ticket_cancelled: ({ park, day, money }) => ({
    subject: 'Your ticket is cancelled',
    text: `${park}, ${day}: your ticket is cancelled.${goesBack(money, (sum) => `${sum} will be returned.`)}`,
  }),
  day_cancelled: ({ park, day, money }) => ({
    subject: 'The park is closed on the day of your visit',
    text: `${park}, ${day}: the park is closed on this day and your ticket is cancelled.${goesBack(money, (sum) => `${sum} will be returned.`)} We are sorry.`,
  }),
  ticket_moved: ({ park, day, from }) => ({
    subject: 'Your ticket was moved',
    text: `${park}: your ticket was moved from ${from} to ${day}. The QR code you had is void.`,
  }),
  move_undone: ({ park, day, from }) => ({
    subject: 'Your ticket was not moved',
    text: `${park}: somebody had come in by the ticket on ${day}, so it was not moved to ${from}. What was paid for the move goes back.`,
  }),
  cancel_denied: ({ park, day }) => ({
    subject: 'Your ticket was not cancelled',
    text: `${park}, ${day}: somebody had come in by the ticket, so it was not cancelled and no money goes back.`,
  }),
  money_returned: ({ money }) => ({ subject: 'Your money was returned', text: `${money} was returned.` }),
  place_offered: ({ park, day, until }) => ({
    subject: 'A place for you',
    text: `${park}, ${day}: a place came free for you. Pay until ${until}, then it is offered to the next.`,
  }),
};

const TEXTS: Readonly<Record<Language, Texts>> = { ru: RU, ky: KY, en: EN };

const moneyOf = (notice: Notice, language: Language): string => {
  if (notice.kind === 'money_returned') return formatMoney(notice.amountTyiyn, language);
  const isCancelled = notice.kind === 'ticket_cancelled' || notice.kind === 'day_cancelled';
  return isCancelled && notice.refundTyiyn > 0n ? formatMoney(notice.refundTyiyn, language) : '';
};

const isOfAccount = (notice: Notice): notice is { readonly kind: AccountNoticeKind } =>
  Object.hasOwn(ACCOUNT_TEXTS.en, notice.kind);

/** The words of a notice. They name the park, the day and sums, and nobody. */
export function messageOf(notice: Notice, language: Language, { park, until }: Names): Message {
  if (isOfAccount(notice)) return ACCOUNT_TEXTS[language][notice.kind];
  return TEXTS[language][notice.kind]({
    park: park ?? '',
    until: until ?? '',
    day: 'visitDate' in notice ? formatDay(notice.visitDate, language) : '',
    from: 'fromDate' in notice ? formatDay(notice.fromDate, language) : '',
    money: moneyOf(notice, language),
    people: notice.kind === 'ticket_paid' ? notice.people : 0,
  });
}
