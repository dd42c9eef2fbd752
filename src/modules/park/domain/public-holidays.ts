import type { Holiday, HolidayCertainty, Translated } from '../contract.ts';

const LAW = 'Labour Code of the Kyrgyz Republic, public holidays';
const LIST_2026 = 'List of non-working days for 2026, Ministry of Labour';
const AS_IN_2026 = 'As in 2026; the list for 2027 is not announced yet';
const BY_THE_MOON = 'Computed lunar calendar; the Muftiate confirms the day by the moon';

const texts = (ru: string, ky: string, en: string): Translated => ({ ru, ky, en });

const NEW_YEAR = texts('Новый год', 'Жаңы жыл', "New Year's Day");
const NEW_YEAR_DAYS = texts('Новогодние каникулы', 'Жаңы жылдык каникул', 'New Year holidays');
const CHRISTMAS = texts('Рождество Христово', 'Рождество майрамы', 'Orthodox Christmas');
const WOMEN = texts('Международный женский день', 'Эл аралык аялдар күнү', "International Women's Day");
const OROZO_AIT = texts('Орозо айт', 'Орозо айт', 'Orozo Ait');
const NOORUZ = texts('Нооруз', 'Нооруз', 'Nooruz');
const LABOUR = texts('Праздник труда', 'Эмгек майрамы', 'Labour Day');
const CONSTITUTION = texts('День Конституции', 'Конституция күнү', 'Constitution Day');
const VICTORY = texts('День Победы', 'Жеңиш күнү', 'Victory Day');
const MAY_DAYS = texts('Майские выходные', 'Май айындагы дем алыш', 'May days off');
const KURMAN_AIT = texts('Курман айт', 'Курман айт', 'Kurman Ait');
const INDEPENDENCE = texts('День независимости', 'Эгемендүүлүк күнү', 'Independence Day');

const holiday = (date: string, names: Translated, certainty: HolidayCertainty, source: string): Holiday => ({
  date,
  names,
  certainty,
  source,
});

/** Holidays that stand on the same day every year. */
const fixed = (year: number): readonly Holiday[] =>
  (
    [
      ['01-01', NEW_YEAR],
      ['01-07', CHRISTMAS],
      ['03-08', WOMEN],
      ['03-21', NOORUZ],
      ['05-01', LABOUR],
      ['05-05', CONSTITUTION],
      ['05-09', VICTORY],
      ['08-31', INDEPENDENCE],
    ] as const
  ).map(([day, names]) => holiday(`${year}-${day}`, names, 'fixed', LAW));

/** Days off between the holidays of January and May. */
const between = (year: number, certainty: HolidayCertainty, source: string): readonly Holiday[] => [
  ...[2, 3, 4, 5, 6].map((day) => holiday(`${year}-01-0${day}`, NEW_YEAR_DAYS, certainty, source)),
  ...[2, 3, 4, 6, 7, 8].map((day) => holiday(`${year}-05-0${day}`, MAY_DAYS, certainty, source)),
];

/** Public holidays of Kyrgyzstan as known when this was written: what the chain goes by until somebody edits the list. */
export const PUBLIC_HOLIDAYS: readonly Holiday[] = [
  ...fixed(2026),
  ...between(2026, 'announced', LIST_2026),
  holiday('2026-03-20', OROZO_AIT, 'announced', LIST_2026),
  holiday('2026-05-27', KURMAN_AIT, 'estimated', BY_THE_MOON),
  ...fixed(2027),
  ...between(2027, 'estimated', AS_IN_2026),
  holiday('2027-03-10', OROZO_AIT, 'estimated', BY_THE_MOON),
  holiday('2027-05-16', KURMAN_AIT, 'estimated', BY_THE_MOON),
].toSorted((a, b) => (a.date < b.date ? -1 : 1));
