import { trustedSom } from '../kernel/money.ts';
import type { OpenPark } from '../modules/park/application/open-park.ts';

type DemoPark = Parameters<OpenPark>[0];

const plain = {
  closed: null,
  openTime: null,
  closeTime: null,
  priceUnder3Tyiyn: null,
  priceOver3Tyiyn: null,
  priceAdultTyiyn: null,
};
const weekend = { ...plain, priceUnder3Tyiyn: trustedSom('200.00'), priceOver3Tyiyn: trustedSom('450.00') };

const TARIFF = { priceUnder3Tyiyn: trustedSom('150.00'), priceOver3Tyiyn: trustedSom('350.00') };

/** Dearer on Saturdays, Sundays and public holidays. */
const SEASON = {
  ...TARIFF,
  weekdayRules: [
    { weekday: 6, ...weekend },
    { weekday: 7, ...weekend },
  ],
  holidayRule: weekend,
};

/** Parks of an invented chain at places that exist. */
export const DEMO_PARKS: readonly DemoPark[] = [
  {
    ...SEASON,
    parkId: 'ala-archa',
    names: { ru: 'Скай Парк Ала-Арча', ky: 'Скай Парк Ала-Арча', en: 'Sky Park Ala-Archa' },
    addresses: { ru: 'Бишкек, ул. Южная магистраль', ky: 'Бишкек, Түштүк магистралы', en: 'South Highway, Bishkek' },
    capacity: 300,
    openTime: '10:00',
    closeTime: '21:00',
    latitudeE7: 428_212_000,
    longitudeE7: 745_973_000,
    amenities: ['cafe', 'parking', 'lockers', 'trampolines', 'toddler_zone'],
  },
  {
    ...SEASON,
    parkId: 'asanbay',
    names: { ru: 'Скай Парк Асанбай', ky: 'Скай Парк Асанбай', en: 'Sky Park Asanbay' },
    addresses: { ru: 'Бишкек, мкр. Асанбай', ky: 'Бишкек, Асанбай кичи району', en: 'Asanbay district, Bishkek' },
    capacity: 180,
    openTime: '10:00',
    closeTime: '22:00',
    latitudeE7: 428_180_000,
    longitudeE7: 746_230_000,
    amenities: ['cafe', 'birthday_room', 'slides'],
    reEntry: 'same_day',
  },
  // Never closed, roomy and of one price, so that a demo can be admitted at any hour.
  {
    ...TARIFF,
    parkId: 'dordoi',
    names: { ru: 'Скай Парк Дордой', ky: 'Скай Парк Дордой', en: 'Sky Park Dordoi' },
    addresses: { ru: 'Бишкек, Дордой', ky: 'Бишкек, Дордой', en: 'Dordoi, Bishkek' },
    capacity: 5000,
    openTime: '00:00',
    closeTime: '23:59',
    latitudeE7: 429_420_000,
    longitudeE7: 746_190_000,
    amenities: ['cafe', 'parking', 'lockers', 'first_aid'],
  },
  {
    ...SEASON,
    parkId: 'osh',
    names: { ru: 'Скай Парк Ош', ky: 'Скай Парк Ош', en: 'Sky Park Osh' },
    addresses: { ru: 'Ош, ул. Масалиева', ky: 'Ош, Масалиев көчөсү', en: 'Masaliev Street, Osh' },
    capacity: 220,
    openTime: '10:00',
    closeTime: '21:00',
    latitudeE7: 405_283_000,
    longitudeE7: 727_985_000,
    amenities: ['cafe', 'playground', 'prayer_room', 'wifi'],
  },
  {
    ...SEASON,
    parkId: 'cholpon-ata',
    names: { ru: 'Скай Парк Чолпон-Ата', ky: 'Скай Парк Чолпон-Ата', en: 'Sky Park Cholpon-Ata' },
    addresses: {
      ru: 'Чолпон-Ата, ул. Советская',
      ky: 'Чолпон-Ата, Советская көчөсү',
      en: 'Sovetskaya Street, Cholpon-Ata',
    },
    capacity: 150,
    openTime: '09:00',
    closeTime: '20:00',
    latitudeE7: 426_494_000,
    longitudeE7: 770_829_000,
    amenities: ['rope_course', 'climbing_wall', 'parking', 'wheelchair_access'],
  },
];
