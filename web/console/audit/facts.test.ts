import { expect, test } from 'vitest';
import { factsOf, type Namers } from './facts.ts';

const BAKYT = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
const TICKET = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d40';

const namers: Namers = {
  park: (id) => `park ${id}`,
  person: (id) => (id === BAKYT ? 'Bakyt' : null),
  role: (role) => `duty ${role}`,
  sum: (sum) => `${sum} som`,
  sealed: 'personal',
};

test('ids of parks and people become names, and other ids are short', () => {
  expect(factsOf({ userId: BAKYT, staffId: TICKET, role: 'gate', parkId: 'osh', ticketId: TICKET }, namers)).toEqual([
    { name: 'userId', value: 'Bakyt' },
    { name: 'staffId', value: '…8b1c0d40' },
    { name: 'role', value: 'duty gate' },
    { name: 'parkId', value: 'park osh' },
    { name: 'ticketId', value: '…8b1c0d40' },
  ]);
});

test('sums are written as sums, and what is personal says so', () => {
  const details = { floatTyiyn: '100000', differenceTyiyn: '-5', reason: '[sealed]', parkId: null, count: 3 };
  expect(factsOf(details, namers)).toEqual([
    { name: 'floatTyiyn', value: '1000.00 som' },
    { name: 'differenceTyiyn', value: '-0.05 som' },
    { name: 'reason', value: 'personal' },
    { name: 'count', value: '3' },
  ]);
});

test.each([null, 'text', [1], undefined])('%j says nothing', (details) => {
  expect(factsOf(details, namers)).toEqual([]);
});
