import { expect, test } from 'vitest';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { StoredEvent } from '../../../kernel/event-store.ts';
import type { DifferenceResolved } from '../domain/difference.ts';
import { ledgerEvents } from './events.ts';

const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
const codec = createEventCodec(ledgerEvents, vault);
const ID = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

const META: Omit<StoredEvent, 'type' | 'data'> = {
  id: ID,
  streamId: ID,
  aggregateType: 'Statement',
  schemaVersion: 1,
  version: 1,
  position: 9,
  parkId: null,
  actor: `user:${ID}`,
  correlationId: 'c',
  causationId: null,
  commandId: null,
  occurredAtMs: 1_796_452_200_000,
  recordedAtMs: 1_796_452_200_000,
  nodeId: 'hq',
  incarnation: 'one',
};

const SAMPLES: readonly StoredEvent[] = [
  {
    ...META,
    type: 'StatementImported',
    data: {
      statementId: ID,
      method: 'elqr',
      parkId: null,
      from: '2026-12-05',
      to: '2026-12-05',
      importedAtMs: 1_796_452_200_000,
    },
  },
  {
    ...META,
    type: 'StatementBooked',
    data: {
      statementId: ID,
      method: 'elqr',
      parkId: null,
      movements: [{ kind: 'fee', parkId: 'ala-archa', day: '2026-12-05', amountTyiyn: '-525' }],
      bookedAtMs: 1_796_452_200_000,
    },
  },
  {
    ...META,
    type: 'StatementWithdrawn',
    data: { statementId: ID, method: 'elqr', parkId: null, withdrawnAtMs: 1_796_452_200_000 },
  },
  {
    ...META,
    aggregateType: 'Difference',
    type: 'DifferenceResolved',
    data: {
      differenceId: ID,
      statementId: ID,
      parkId: 'ala-archa',
      verdict: 'missing_here',
      resolution: 'timing',
      note: null,
      resolvedAtMs: 1_796_452_200_000,
    },
  },
];

test.each(SAMPLES.map((stored) => [stored.type, stored] as const))(
  '%s reads as it was first stored',
  async (_type, stored) => {
    const { data } = await codec.decode(stored);
    // Sums are texts where they are stored.
    const asStored: unknown = JSON.parse(
      JSON.stringify(data, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
    expect(asStored).toEqual(stored.data);
  },
);

test('what somebody said of a difference is sealed, and readable by its key', async () => {
  const note = 'Айжан from the bank called';
  const resolved = SAMPLES.at(-1);
  const event = { type: 'DifferenceResolved', data: { ...resolved?.data, note } };
  const { data } = await codec.encode(event);
  expect(JSON.stringify(data)).not.toContain('Айжан');
  const opened = await codec.decode({ ...META, type: 'DifferenceResolved', data });
  expect((opened.data as DifferenceResolved['data']).note).toBe(note);
});
