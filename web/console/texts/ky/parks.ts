import type { AppTexts } from '../app-texts.ts';

export const parks: AppTexts['parks'] = {
  lead: 'Кадимки күндөрдө эмне күчүндө. Өзүнчө күн календарда өзгөртүлөт. Сатылган билеттердин шарты өзгөрбөйт.',
  everyDay: 'Кадимки күн',
  capacity: 'Сыйымдуулугу',
  capacityHint: 'Паркта бир учурда канча адам боло алат.',
  groupPercent: 'Топторго арзандатуу, %',
  groupHint: 'Он баладан баштап.',
  walkUp: 'Парктын кассасы үчүн орун, %',
  walkUpHint: 'Аларды парктын түйүнү өзү, интернетсиз да сатат.',
  reEntry: 'Кайра кирүү',
  reEntries: { none: 'жок', same_day: 'ошол эле күнү' },
  shownToGuests: 'Коноктор эмнени көрөт',
  nameIn: (language) => `Аталышы (${language})`,
  addressIn: (language) => `Дареги (${language})`,
  ownDays: 'Жума күндөрү жана майрамдар',
  ownDaysLead: 'Убактысы же баасы башка күндү ачыңыз. Бош талаа — кадимки күндөгүдөй.',
  holidays: 'Майрамдар',
  hasOwn: 'өз эрежеси бар',
  save: 'Паркты сактоо',
  saved: 'Парк сакталды',
};
