import { counted } from '../../../shared/i18n/count.ts';

export const incidents = {
  lead: 'Одно место билета прошло больше одного раза — например, когда входы работали без связи. Деньги и билеты при разборе не меняются.',
  status: 'Какие показать',
  statuses: { open: 'Открытые', resolved: 'Разобранные' },
  empty: {
    open: 'Открытых инцидентов нет. Так держать!',
    resolved: 'Разобранных инцидентов пока нет.',
  },
  noticed: 'Замечено',
  park: 'Парк',
  what: 'Что случилось',
  visit: 'Визит',
  first: 'Первый проход',
  outcome: 'Итог',
  admittedTimes: (place: number, scans: number) =>
    `Место ${place} билета прошло ${counted('ru', scans, { one: 'раз', few: 'раза', many: 'раз', other: 'раза' })}`,
  firstAt: (gate: string, when: string) => `вход «${gate}», ${when}`,
  resolve: 'Разобрать',
  resolveTitle: 'Чем оказался инцидент',
  whatWasIt: 'Что это было',
  resolutions: {
    gate_mistake: 'Ошибка на входе',
    shared_code: 'Код передали другим',
    wrong_clock: 'Неверные часы устройства',
    other: 'Другое',
  },
  note: 'Пояснение',
  noteHint: 'Что выяснилось и от кого.',
  resolveLead: 'Итог записывается один раз и остаётся в журнале.',
  resolved: 'Итог записан',
};
