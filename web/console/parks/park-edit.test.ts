import { expect, test } from 'vitest';
import { editFrom } from './park-edit.ts';

test('a form becomes an edit: days that have nothing of their own are left out', () => {
  const fields = new FormData();
  const typed = {
    'name.ru': 'Ош',
    'name.ky': 'Ош',
    'name.en': 'Osh',
    'address.ru': 'а',
    'address.ky': 'а',
    'address.en': 'a',
    capacity: '220',
    openTime: '10:00',
    closeTime: '21:00',
    priceUnder3: '150',
    priceOver3: '350,5',
    priceAdult: '0',
    groupPercent: '10',
    walkUp: '20',
    reEntry: 'same_day',
    lat: '40,5138',
    lng: '72.8161',
    'amenity.cafe': 'on',
    '1.closed': 'on',
    '6.priceOver3': '450',
    'holidays.openTime': '',
  };
  for (const [name, value] of Object.entries(typed)) fields.append(name, value);
  expect(editFrom(fields)).toMatchObject({
    names: { ru: 'Ош', en: 'Osh' },
    capacity: 220,
    price_over_3: '350.50',
    re_entry: 'same_day',
    lat: 40.5138,
    lng: 72.8161,
    amenities: ['cafe'],
    weekday_prices: [
      { weekday: 1, closed: true, price_over_3: null },
      { weekday: 6, closed: null, price_over_3: '450.00' },
    ],
    holiday_prices: null,
  });
});
