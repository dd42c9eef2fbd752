import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

export const incidents: AppTexts['incidents'] = {
  lead: 'Билеттин бир орду бир нече жолу кирген — мисалы, кире бериштер байланышсыз иштегенде. Чечкенде акча да, билет да өзгөрбөйт.',
  status: 'Кайсынысын көрсөтүү',
  statuses: { open: 'Ачык', resolved: 'Чечилген' },
  empty: {
    open: 'Ачык окуя жок. Мына ушундай!',
    resolved: 'Азырынча чечилген окуя жок.',
  },
  noticed: 'Байкалды',
  park: 'Парк',
  what: 'Эмне болду',
  visit: 'Келүү күнү',
  first: 'Биринчи өтүү',
  outcome: 'Жыйынтык',
  admittedTimes: (place, scans) => `Билеттин ${place}-орду ${counted('ky', scans, { other: 'жолу' })} кирди`,
  firstAt: (gate, when) => `«${gate}» кире бериши, ${when}`,
  resolve: 'Чечүү',
  resolveTitle: 'Окуя эмне болуп чыкты',
  whatWasIt: 'Бул эмне болгон',
  resolutions: {
    gate_mistake: 'Кире бериштеги ката',
    shared_code: 'Код башкага берилген',
    wrong_clock: 'Түзмөктүн сааты туура эмес',
    other: 'Башка',
  },
  note: 'Түшүндүрмө',
  noteHint: 'Эмне аныкталды жана кимден.',
  resolveLead: 'Жыйынтык бир жолу жазылат жана журналда калат.',
  resolved: 'Жыйынтык жазылды',
};
