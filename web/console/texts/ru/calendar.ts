import { counted } from '../../../shared/i18n/count.ts';

const places = (count: number): string =>
  counted('ru', count, { one: 'место', few: 'места', many: 'мест', other: 'места' });

export const calendar = {
  lead: 'Цены, часы, закрытые дни и число мест. Нажмите на день, чтобы изменить его. Купленные билеты остаются на прежних условиях.',
  previousMonth: 'Предыдущий месяц',
  nextMonth: 'Следующий месяц',
  ownRule: 'У дня свои правила',
  left: (remaining: number, capacity: number) => `свободно ${remaining} из ${capacity}`,
  taken: 'Занято мест',
  closed: 'Закрыт',
  deficit: (count: number) => `лишних ${count}`,
  deficitLead: (count: number) =>
    `Продано больше, чем теперь разрешено: ${places(count)} сверх лимита. Билеты действуют, новых продаж не будет.`,
  hours: 'Часы работы',
  capacity: 'Места',
  priceUnder3: 'До 3 лет',
  priceOver3: 'С 3 лет',
  priceAdult: 'Взрослый',
  estimated: 'дата предварительная',
  from: {
    date: 'правило этого дня',
    holiday: 'правило праздников',
    weekday: 'правило дня недели',
    default: 'обычное правило парка',
  },
  isOpen: 'Работает ли парк в этот день',
  states: { as_usual: 'Как обычно', open: 'Открыт', closed: 'Закрыт' },
  emptyLeaves: 'Пустое поле — действует обычное правило.',
  openTime: 'Открытие',
  closeTime: 'Закрытие',
  dayQuota: 'Сколько мест можно продать',
  dayQuotaHint: (capacity: number) => `Сейчас ${capacity}. Пусто — как вместимость парка.`,
  quotaTooLow: (taken: number) =>
    `Уже занято ${places(taken)}. Новых продаж на этот день не будет, купленные билеты останутся действительны.`,
  closingLead: 'Новые билеты на этот день не продаются. Уже купленные остаются действительны, пока вы их не отмените.',
  reasonIn: (language: string) => `Что увидят гости (${language})`,
  note: 'Заметка для сотрудников',
  noteHint: 'Гости её не видят.',
  save: 'Сохранить день',
  saved: (day: string) => `${day}: сохранено`,
  undo: 'Вернуть',
  undone: 'Прежние правила дня возвращены',
  notUndone: 'Вернуть не удалось: день уже изменили. Откройте его ещё раз.',
  cancelAll: 'Отменить все билеты дня',
  cancelAllLead: (day: string) =>
    `Все неиспользованные билеты на ${day} перестанут действовать, деньги вернутся, гости получат сообщение. Отменить это нельзя.`,
  cancelling: 'Отменяем билеты дня',
  allCancelled: 'Билеты дня отменены',
  cancelProgress: (cancelled: number, tickets: number, refunded: number, admitted: number) =>
    `Отменено ${cancelled} из ${tickets}, деньги вернулись: ${refunded}, остались (по ним вошли): ${admitted}`,
  until: 'По какой день',
  untilHint: 'Если правило одно на несколько дней. Пусто — только этот день.',
  savedDays: (count: number) =>
    `Сохранено: ${counted('ru', count, { one: 'день', few: 'дня', many: 'дней', other: 'дня' })}`,
  changesNow: 'Следующий день кто-то меняет прямо сейчас.',
  stoppedAt: (count: number, why: string) =>
    `Сохранено ${counted('ru', count, { one: 'день', few: 'дня', many: 'дней', other: 'дня' })}, остальные остались как были. ${why}`,
};
