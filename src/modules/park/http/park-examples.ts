const weekend = {
  closed: null,
  open_time: '09:00',
  close_time: '22:00',
  price_under_3: null,
  price_over_3: '450.00',
  price_adult: null,
};

const edited = {
  names: { ru: 'Скай Парк Ала-Арча', ky: 'Скай Парк Ала-Арча', en: 'Sky Park Ala-Archa' },
  addresses: {
    ru: 'Бишкек, ул. Южная магистраль, 1',
    ky: 'Бишкек, Түштүк магистралы, 1',
    en: '1 South Highway, Bishkek',
  },
  capacity: 300,
  price_under_3: '150.00',
  price_over_3: '350.00',
  open_time: '10:00',
  close_time: '20:00',
  lat: 42.8212,
  lng: 74.5973,
};

export const newParkExample = { id: 'ala-archa', ...edited, weekday_prices: [{ weekday: 6, price_over_3: '450.00' }] };

export const parkEditExample = { price_over_3: '400.00', re_entry: 'same_day' };

export const parkExample = {
  id: 'ala-archa',
  ...edited,
  name: edited.names.en,
  address: edited.addresses.en,
  current_occupancy: 42,
  price_adult: '0.00',
  group_percent: 10,
  weekday_prices: [
    { weekday: 6, ...weekend },
    { weekday: 7, ...weekend },
  ],
  holiday_prices: weekend,
  time_zone: 'Asia/Bishkek',
  amenities: ['cafe', 'parking'],
  images: [],
  re_entry: 'none',
  walk_up_share_percent: 20,
};
