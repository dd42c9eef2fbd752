import { expect, test } from 'vitest';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { JsonObject, StoredEvent } from '../../../kernel/event-store.ts';
import { bookingEvents } from './events.ts';

const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
const codec = createEventCodec(bookingEvents, vault);
const GUEST = '01936f2e-0000-7c3a-9d4e-2f6a8b1c0d3e';

/** As it stands in logs that the first release wrote. */
const stored = (type: string, data: JsonObject): StoredEvent => ({
  id: '01936f2e-5b7c-7c3a-9d4e-000000000001',
  streamId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  aggregateType: 'Ticket',
  type,
  schemaVersion: 1,
  data,
  version: 1,
  position: 1,
  parkId: 'ala-archa',
  actor: 'system',
  correlationId: 'test',
  causationId: null,
  commandId: null,
  occurredAtMs: 0,
  recordedAtMs: 0,
  nodeId: 'hq',
  incarnation: 'one',
});

test('a ticket held by the first release is one of a guest, for money alone', async () => {
  const sealed = (value: unknown) => vault.seal(GUEST, JSON.stringify(value));
  const first: JsonObject = {
    ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
    userId: GUEST,
    parkId: 'ala-archa',
    visitDate: '2026-12-08',
    ticketType: 'single',
    qrCode: 'q3Jx0v1mT8uZr5cWk2bN7A',
    children: [
      {
        childId: null,
        name: await sealed('Aibek'),
        birthDate: await sealed('2021-03-01'),
        age: await sealed(5),
        ageBand: '3-6',
      },
    ],
    adults: 0,
    places: 1,
    priceTyiyn: '35000',
    priceLines: [{ kind: 'child_over_3', quantity: 1, unitTyiyn: '35000', amountTyiyn: '35000' }],
    createdAtMs: 1,
    expiresAtMs: 2,
    validFromMs: 3,
    validUntilMs: 4,
    closesAtMs: 5,
  };
  expect((await codec.decode(stored('TicketHeld', first))).data).toEqual({
    ...first,
    subjectId: GUEST,
    children: [{ childId: null, name: 'Aibek', birthDate: '2021-03-01', age: 5, ageBand: '3-6' }],
    priceTyiyn: 35_000n,
    priceLines: [{ kind: 'child_over_3', quantity: 1, unitTyiyn: 35_000n, amountTyiyn: 35_000n }],
    promo: null,
    tier: null,
    pointsSpent: 0,
    passId: null,
  });
});

test('a hold that the first release ended gives back places alone', async () => {
  const first = { ticketId: 'ticket', parkId: 'ala-archa', visitDate: '2026-12-08', places: 2, atMs: 7 };
  const { data } = await codec.decode(stored('TicketHoldExpired', first));
  expect(data).toEqual({ ...first, userId: null, promo: null, pointsSpent: 0 });
});

test('a move that the first release wrote took free places and left all discounts as they were', async () => {
  const first = { ticketId: 'ticket', subjectId: GUEST, children: [], admissionCode: null };
  const { data } = await codec.decode(stored('TicketMoved', first));
  const kept = { difference: null, returnedPromo: null, pointsSpent: null };
  expect(data).toEqual({ ...first, ...kept, placesFrom: 'free', leaving: null });
});

test('a cancellation that the first release wrote gives back the money of one payment', async () => {
  const first = { ticketId: 'ticket', subjectId: GUEST, reason: null };
  const { data } = await codec.decode(stored('TicketCancelled', first));
  expect(data).toEqual({ ...first, difference: null });
});

test('a ticket held before there were passes is of none', async () => {
  const second = { ticketId: 'ticket', subjectId: GUEST, children: [], promo: null, tier: null, pointsSpent: 0 };
  const { data } = await codec.decode({ ...stored('TicketHeld', second), schemaVersion: 2 });
  expect(data).toEqual({ ...second, passId: null });
});

test('whoever was asked before tickets moved was asked to end one', async () => {
  const first = { ticketId: 'ticket', subjectId: GUEST, why: 'guest', reason: null, paidTyiyn: '35000' };
  const { data } = await codec.decode(stored('VoidAsked', first));
  expect(data).toEqual({ ...first, paidTyiyn: 35_000n });
});
