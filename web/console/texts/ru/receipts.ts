import { counted } from '../../../shared/i18n/count.ts';

export const receipts = {
  title: 'Фискальные чеки',
  lead: 'По чеку на каждый платёж и каждый возврат. Касса выдаёт их сама; здесь видно, что застряло.',
  status: 'Статус',
  statuses: {
    overdue: 'задерживаются',
    pending: 'готовится',
    issued: 'выдан',
    no_register: 'нет кассы',
    none_required: 'не нужен',
  },
  kinds: {
    sale: 'продажа',
    return: 'возврат',
  },
  noneOverdue: 'Ничего не задерживается.',
  none: 'Таких чеков нет.',
  when: 'Когда',
  park: 'Парк',
  kind: 'Вид',
  sum: 'Сумма',
  document: 'Документ',
  show: 'показать',
  todo: 'Действия',
  attempts: (count: number) =>
    counted('ru', count, { one: 'попытка', few: 'попытки', many: 'попыток', other: 'попытки' }),
  retry: 'Выдать сейчас',
  retried: 'Чек будет выдан',
};
