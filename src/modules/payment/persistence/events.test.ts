import { expect, test } from 'vitest';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import { paymentEvents } from './events.ts';

/** As it was stored before payments knew their park. */
const FIRST_INTENT = {
  paymentId: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  userId: '01936f2d-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  amountTyiyn: '35000',
  currency: 'KGS',
  method: 'elqr',
  providerKey: 'b7a0c2de-5b7c-4c3a-9d4e-2f6a8b1c0d3e',
  returnUrl: 'https://park.example/',
  intendedAtMs: 1_780_000_000_000,
  expiresAtMs: 1_780_000_900_000,
};

test('an intent of the first version is read as one without a park', async () => {
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const codec = createEventCodec(paymentEvents, vault);
  const { data } = await codec.decode({
    id: FIRST_INTENT.ticketId,
    streamId: FIRST_INTENT.paymentId,
    aggregateType: 'Payment',
    type: 'PaymentIntended',
    schemaVersion: 1,
    data: FIRST_INTENT,
    version: 1,
    position: 1,
    parkId: null,
    actor: 'system',
    correlationId: 'test',
    causationId: null,
    commandId: null,
    occurredAtMs: 0,
    recordedAtMs: 0,
  });
  expect(data).toEqual({ ...FIRST_INTENT, amountTyiyn: 35_000n, parkId: null });
});
