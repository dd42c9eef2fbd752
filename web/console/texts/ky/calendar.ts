import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

const places = (count: number): string => counted('ky', count, { other: 'орун' });

export const calendar: AppTexts['calendar'] = {
  lead: 'Баалар, иштөө убактысы, жабык күндөр жана орундардын саны. Өзгөртүү үчүн күндү басыңыз. Сатылган билеттердин шарты өзгөрбөйт.',
  previousMonth: 'Мурунку ай',
  nextMonth: 'Кийинки ай',
  ownRule: 'Бул күндүн өз эрежеси бар',
  left: (remaining, capacity) => `бош орун: ${remaining} / ${capacity}`,
  taken: 'Ээленген орун',
  closed: 'Жабык',
  deficit: (count) => `${count} ашыкча`,
  deficitLead: (count) =>
    `Азыр уруксат берилгенден көп сатылган: чектен ${places(count)} ашык. Билеттер жарактуу, жаңысы сатылбайт.`,
  hours: 'Иштөө убактысы',
  capacity: 'Орундар',
  priceUnder3: '3 жашка чейин',
  priceOver3: '3 жаштан',
  priceAdult: 'Чоң киши',
  estimated: 'күнү болжолдуу',
  from: {
    date: 'ушул күндүн эрежеси',
    holiday: 'майрамдардын эрежеси',
    weekday: 'жума күнүнүн эрежеси',
    default: 'парктын кадимки эрежеси',
  },
  isOpen: 'Бул күнү парк иштейби',
  states: { as_usual: 'Кадимкидей', open: 'Ачык', closed: 'Жабык' },
  emptyLeaves: 'Талаа бош болсо, кадимки эреже күчүндө.',
  openTime: 'Ачылышы',
  closeTime: 'Жабылышы',
  dayQuota: 'Канча орун сатса болот',
  dayQuotaHint: (capacity) => `Азыр ${capacity}. Бош калса — парктын сыйымдуулугундай.`,
  quotaTooLow: (taken) =>
    `${places(taken)} буга чейин ээленген. Бул күнгө жаңы билет сатылбайт, сатылгандары жарактуу бойдон калат.`,
  closingLead: 'Бул күнгө жаңы билет сатылбайт. Сатылгандары сиз жокко чыгармайынча жарактуу.',
  reasonIn: (language) => `Коноктор эмнени көрөт (${language})`,
  note: 'Кызматкерлер үчүн белги',
  noteHint: 'Коноктор көрбөйт.',
  save: 'Күндү сактоо',
  saved: (day) => `${day}: сакталды`,
  undo: 'Кайтаруу',
  undone: 'Күндүн мурунку эрежеси кайтарылды',
  notUndone: 'Кайтарууга болбоду: күн андан бери өзгөрдү. Аны кайра ачыңыз.',
  cancelAll: 'Күндүн бардык билетин жокко чыгаруу',
  cancelAllLead: (day) =>
    `Колдонулбаган бардык билет (${day}) жараксыз болот, акчасы кайтат, конокторго кабар барат. Муну кайтарууга болбойт.`,
  cancelling: 'Күндүн билеттери жокко чыгарылууда',
  allCancelled: 'Күндүн билеттери жокко чыгарылды',
  cancelProgress: (cancelled, tickets, refunded, admitted) =>
    `Жокко чыкты: ${cancelled} / ${tickets}, акчасы кайтты: ${refunded}, калды (кирген): ${admitted}`,
  until: 'Кайсы күнгө чейин',
  untilHint: 'Эреже бир нече күнгө бирдей болсо. Бош — ушул күн гана.',
  savedDays: (count) => `${counted('ky', count, { other: 'күн' })} сакталды`,
  changesNow: 'Кийинки күндү азыр кимдир бирөө өзгөртүүдө.',
  stoppedAt: (count, why) => `${counted('ky', count, { other: 'күн' })} сакталды, калгандары мурункудай. ${why}`,
};
