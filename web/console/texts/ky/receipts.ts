import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

export const receipts: AppTexts['receipts'] = {
  title: 'Фискалдык чектер',
  lead: 'Ар бир төлөмгө жана кайтарууга бирден чек. Касса аларды өзү берет; бул жерде эмне калганы көрүнөт.',
  status: 'Статусу',
  statuses: {
    overdue: 'кечигип жатат',
    pending: 'даярдалууда',
    issued: 'берилди',
    no_register: 'касса жок',
    none_required: 'керек эмес',
  },
  kinds: {
    sale: 'сатуу',
    return: 'кайтаруу',
  },
  noneOverdue: 'Эч нерсе кечиккен жок.',
  none: 'Мындай чектер жок.',
  when: 'Качан',
  park: 'Парк',
  kind: 'Түрү',
  sum: 'Сумма',
  document: 'Документ',
  show: 'көрсөтүү',
  todo: 'Аракеттер',
  attempts: (count) => counted('ky', count, { other: 'аракет' }),
  retry: 'Азыр берүү',
  retried: 'Чек берилет',
};
