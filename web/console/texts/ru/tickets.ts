import { counted } from '../../../shared/i18n/count.ts';

const guests = (count: number): string =>
  counted('ru', count, { one: 'гость', few: 'гостя', many: 'гостей', other: 'гостя' });

export const tickets = {
  lead: 'Найдите билет по телефону, коду, дню визита или статусу.',
  phone: 'Телефон гостя',
  code: 'Код билета',
  day: 'День визита',
  status: 'Статус',
  anyStatus: 'Любой',
  search: 'Найти',
  onRecord: 'Поиск по телефону записывается в журнал действий.',
  guest: 'Гость',
  noGuest: 'Гостя с таким телефоном нет.',
  verified: 'телефон подтверждён',
  unverified: 'телефон не подтверждён',
  ticketsEver: (count: number) =>
    `всего ${counted('ru', count, { one: 'билет', few: 'билета', many: 'билетов', other: 'билета' })}`,
  empty: 'Таких билетов нет. Измените условия поиска.',
  visit: 'Визит',
  park: 'Парк',
  party: 'Гости',
  partyOf: (people: number, remaining: number) =>
    remaining === people || remaining === 0 ? guests(people) : `${guests(people)}, ещё не вошли: ${remaining}`,
  paid: 'Оплачено',
  paidOf: (paid: string, price: string) => `${paid} из ${price}`,
  more: 'Подробно',
  open: 'Открыть',
  ticketOf: (day: string) => `Билет на ${day}`,
  payments: 'Платежи',
  noPayments: 'Платежей не было.',
  children: 'Дети',
  child: 'ребёнок',
  bought: 'Куплен',
  used: 'Первый проход',
  movedFrom: 'Перенесён с',
  cancelledAs: 'Отмена',
  cancelledBy: (who: string, when: string, reason: string | null) =>
    `${who}, ${when}${reason === null ? '' : `: ${reason}`}`,
  by: { guest: 'гость', staff: 'сотрудник', day_closed: 'день закрыт', override: 'сотрудник, в порядке исключения' },
  refund: 'Возврат',
  refundOf: (status: string, amount: string) => `${amount}, ${status}`,
  refundStatuses: {
    requested: 'запрошен',
    voiding: 'ждём ответа входов',
    submitted: 'отправлен в банк',
    succeeded: 'выполнен',
    denied_used: 'отказано: по билету вошли',
    manual: 'вернуть вручную',
  },
  statuses: {
    pending_payment: 'ждёт оплаты',
    active: 'действует',
    used: 'использован',
    expired: 'истёк',
    cancelled: 'отменён',
    refunded: 'деньги возвращены',
  },
  cancel: 'Отменить билет',
  cancelTitle: 'Отменить билет?',
  cancelLead: (day: string, people: number) =>
    `Билет на ${day} (${guests(people)}) перестанет действовать, гость получит сообщение.`,
  cancelMoney: (paid: string) => `Гостю вернётся ${paid}.`,
  cancelNoMoney: 'Денег по билету не поступало, возвращать нечего.',
  cancelOverride: 'Билет уже использован или его день прошёл. Места снова не продаются.',
  cancelled: 'Билет отменён',
};
