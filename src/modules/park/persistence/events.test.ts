import { expect, test } from 'vitest';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { StoredEvent } from '../../../kernel/event-store.ts';
import { parkEvents } from './events.ts';

/** As the first release stored it. */
const FIRST_PARK = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  streamId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3f',
  aggregateType: 'Park',
  type: 'ParkOpened',
  schemaVersion: 1,
  version: 1,
  position: 1,
  parkId: null,
  actor: 'system',
  correlationId: 'demo-seed',
  causationId: null,
  commandId: null,
  occurredAtMs: 1,
  recordedAtMs: 2,
  nodeId: 'hq',
  incarnation: 'one',
  data: {
    parkId: 'ala-archa',
    names: { ru: 'Парк', ky: 'Парк', en: 'Park' },
    addresses: { ru: 'Бишкек', ky: 'Бишкек', en: 'Bishkek' },
    capacity: 300,
    priceUnder3Tyiyn: '15000',
    priceOver3Tyiyn: '35000',
    priceAdultTyiyn: '0',
    groupPercent: 10,
    openTime: '10:00',
    closeTime: '21:00',
    timeZone: 'Asia/Bishkek',
    latitudeE7: 428_212_000,
    longitudeE7: 745_973_000,
    amenities: ['cafe'],
    images: [],
  },
} satisfies StoredEvent;

test('a park opened before there was a calendar has no rules, no re-entry, and keeps every fifth place for the desk', async () => {
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const { data } = await createEventCodec(parkEvents, vault).decode(FIRST_PARK);
  expect(data).toMatchObject({
    priceOver3Tyiyn: 35_000n,
    weekdayRules: [],
    holidayRule: null,
    reEntry: 'none',
    walkUpSharePercent: 20,
  });
});
