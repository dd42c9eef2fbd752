import { expect, test } from 'vitest';
import { factsOf, type Namers } from './facts.ts';

const BAKYT = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
const TICKET = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d40';

const namers: Namers = {
  park: (id) => `park ${id}`,
  person: (id) => (id === BAKYT ? 'Bakyt' : null),
  role: (role) => `duty ${role}`,
  sum: (sum) => `${sum} som`,
  instant: (instant) => `at ${instant}`,
  yesOrNo: (value) => (value ? 'yes' : 'no'),
  sealed: 'personal',
};

const words = {
  userId: 'Person',
  images: 'Pictures',
  names: 'Names',
  en: 'English',
  holidays: 'Holidays',
  date: 'Day',
};

const told = (details: unknown): readonly string[] =>
  factsOf(details, words, namers).map(({ name, value }) => `${name} = ${value}`);

test('ids of parks and people become names, and other ids are short', () => {
  expect(told({ userId: BAKYT, staffId: TICKET, role: 'gate', parkId: 'osh', ticketId: TICKET })).toEqual([
    'Person = Bakyt',
    'staff id = …8b1c0d40',
    'role = duty gate',
    'park id = park osh',
    'ticket id = …8b1c0d40',
  ]);
});

test('sums, moments and places on the globe are written as such, and what is personal says so', () => {
  const sums = { floatTyiyn: '100000', differenceTyiyn: '-5', reason: '[sealed]', parkId: null, count: 3 };
  expect(told(sums)).toEqual(['float = 1000.00 som', 'difference = -0.05 som', 'reason = personal', 'count = 3']);
  expect(told({ expiresAtMs: 0, latitudeE7: 428_000_000, enabled: true, closed: false })).toEqual([
    'expires = at 1970-01-01T00:00:00.000Z',
    'latitude = 42.8',
    'enabled = yes',
    'closed = no',
  ]);
});

test('lists and what has parts are written out in words, and never as code', () => {
  const holidays = [
    { date: '2026-03-08', names: { en: "Women's Day" } },
    { date: '2026-03-21', names: { en: 'Nooruz' } },
  ];
  expect(told({ changed: ['images', 'dayQuota'], parkIds: ['osh', 'dordoi'], holidays, tiers: [] })).toEqual([
    'changed = Pictures, day quota',
    'park ids = park osh, park dordoi',
    "Holidays = Day: 2026-03-08, Names: English: Women's Day; Day: 2026-03-21, Names: English: Nooruz",
    'tiers = –',
  ]);
});

test('hashes, secrets and the time of the record itself are not shown', () => {
  expect(told({ codeHash: 'aa', secret: '[sealed]', subjectId: BAKYT, openedAtMs: 1, gate: 'North' })).toEqual([
    'gate = North',
  ]);
});

test.each([null, 'text', [1], undefined])('%j says nothing', (details) => {
  expect(told(details)).toEqual([]);
});
