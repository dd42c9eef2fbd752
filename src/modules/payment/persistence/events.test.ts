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

/** As it was stored before staff's own words were sealed. */
const FIRST_REFUND = {
  paymentId: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  refundId: '01936f31-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  amountTyiyn: '35000',
  reason: 'day_over',
  requestedAtMs: 1_780_000_000_000,
};

test.each([
  ['an intent without a park', 'PaymentIntended', FIRST_INTENT, { parkId: null }],
  ['a refund without a note', 'RefundRequested', FIRST_REFUND, { note: null, subjectId: FIRST_REFUND.ticketId }],
])('%s is read as such', async (_what, type, stored, added) => {
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const codec = createEventCodec(paymentEvents, vault);
  const { data } = await codec.decode({
    id: stored.ticketId,
    streamId: stored.paymentId,
    aggregateType: 'Payment',
    type,
    schemaVersion: 1,
    data: stored,
    version: 1,
    position: 1,
    parkId: null,
    actor: 'system',
    correlationId: 'test',
    causationId: null,
    commandId: null,
    occurredAtMs: 0,
    recordedAtMs: 0,
    nodeId: 'hq',
    incarnation: 'one',
  });
  expect(data).toEqual({ ...stored, amountTyiyn: 35_000n, ...added });
});
