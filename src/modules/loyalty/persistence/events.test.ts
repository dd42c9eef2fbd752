import { expect, test } from 'vitest';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { StoredEvent } from '../../../kernel/event-store.ts';
import { loyaltyEvents } from './events.ts';

const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });

/** As the first version of the program stored it. */
const FIRST: StoredEvent = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  streamId: '4b5b7a50-7a43-5c79-9a05-2f1f0d3f6d11',
  aggregateType: 'Points',
  type: 'PointsEarned',
  schemaVersion: 1,
  data: {
    userId: '01936f2e-0000-7000-8000-000000000001',
    ticketId: '01936f2e-0000-7000-8000-000000000002',
    paidTyiyn: '70000',
    points: 70,
    earnedAtMs: 1_796_452_200_000,
    expiresAtMs: 1_827_988_200_000,
  },
  version: 1,
  position: 9,
  parkId: 'ala-archa',
  actor: 'flow:earn-points',
  correlationId: 'c',
  causationId: null,
  commandId: null,
  occurredAtMs: 1_796_452_200_000,
  recordedAtMs: 1_796_452_200_000,
  nodeId: 'hq',
  incarnation: 'one',
};

test('points earned before there were debts could all be spent', async () => {
  const { data } = await createEventCodec(loyaltyEvents, vault).decode(FIRST);
  expect(data).toEqual({
    ...FIRST.data,
    paidTyiyn: 70_000n,
    lots: [{ points: 70, expiresAtMs: 1_827_988_200_000 }],
  });
});
