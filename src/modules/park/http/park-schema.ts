import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import type { Language } from '../../../infrastructure/http/error-table.ts';
import { money } from '../../../infrastructure/http/schemas.ts';
import type { ParkCard } from '../application/park-catalogue.ts';

export const parkId = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 50,
  description: 'Slug of the park',
  example: 'ala-archa',
});

const timeOfDay = (description: string, example: string) =>
  Type.String({ pattern: '^\\d{2}:\\d{2}$', description, example });

export const Park = Type.Object(
  {
    id: parkId,
    name: Type.String({ description: 'In the language asked for' }),
    address: Type.String(),
    capacity: Type.Integer({ description: 'Most people inside at once' }),
    current_occupancy: Type.Integer({ description: 'People inside now' }),
    price_under_3: money('A child under three on the day of the visit'),
    price_over_3: money('A child of three or older'),
    price_adult: money('A grown-up'),
    open_time: timeOfDay('Local time', '10:00'),
    close_time: timeOfDay('Local time', '20:00'),
    time_zone: Type.String({ example: 'Asia/Bishkek' }),
    lat: Type.Number({ description: 'Degrees north' }),
    lng: Type.Number({ description: 'Degrees east' }),
    amenities: Type.Array(Type.String()),
    images: Type.Array(Type.String()),
  },
  { $id: 'Park' },
);

export const parkExample = {
  id: 'ala-archa',
  name: 'Sky Park Ala-Archa',
  address: '1 Ala-Archa road, Bishkek',
  capacity: 300,
  current_occupancy: 42,
  price_under_3: '150.00',
  price_over_3: '350.00',
  price_adult: '0.00',
  open_time: '10:00',
  close_time: '20:00',
  time_zone: 'Asia/Bishkek',
  lat: 42.8212,
  lng: 74.5973,
  amenities: ['cafe', 'parking'],
  images: [],
};

export const toPark = (card: ParkCard, occupancy: number, language: Language) => ({
  id: card.parkId,
  name: card.names[language],
  address: card.addresses[language],
  capacity: card.capacity,
  current_occupancy: occupancy,
  price_under_3: formatSom(card.priceUnder3Tyiyn),
  price_over_3: formatSom(card.priceOver3Tyiyn),
  price_adult: formatSom(card.priceAdultTyiyn),
  open_time: card.openTime,
  close_time: card.closeTime,
  time_zone: card.timeZone,
  lat: card.latitude,
  lng: card.longitude,
  amenities: card.amenities,
  images: card.images,
});
