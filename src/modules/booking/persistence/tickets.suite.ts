import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { TestNode } from '../../../../test/support/module-database.ts';
import type { TicketTerms } from '../domain/ticket-messages.ts';

export const START_MS = Date.parse('2026-12-05T06:00:00Z');
export const PARK = 'ala-archa';
export const DATE = '2026-12-08';
export const CLOSES_AT_MS = Date.parse('2026-12-08T15:00:00Z');

export function termsOf(ticketId: string, userId: string, nowMs: number): TicketTerms {
  return {
    ticketId,
    userId,
    subjectId: userId,
    parkId: PARK,
    visitDate: DATE,
    ticketType: 'single',
    qrCode: ids.secret(16),
    children: [
      { childId: ids.next(), name: 'Zhyldyz', birthDate: '2021-03-01', age: 5, ageBand: '3-6' },
      { childId: null, name: 'Жылдыз', birthDate: null, age: 2, ageBand: '0-2' },
    ],
    adults: 0,
    places: 2,
    priceTyiyn: 50_000n,
    priceLines: [{ kind: 'child_over_3', quantity: 1, unitTyiyn: 35_000n, amountTyiyn: 35_000n }],
    promo: null,
    tier: null,
    pointsSpent: 0,
    passId: null,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 900_000,
    validFromMs: Date.parse('2026-12-08T03:00:00Z'),
    validUntilMs: CLOSES_AT_MS + 1_800_000,
    closesAtMs: CLOSES_AT_MS,
  };
}

/** The ways of refunds, step by step. */
const WAYS = [
  ['RefundRequested', 'RefundFailed', 'RefundSucceeded'],
  ['RefundRequested', 'RefundSubmitted', 'RefundSucceeded'],
  ['RefundRequested', 'RefundSubmitted', 'RefundFailed'],
] as const;

/** Refunds as the module of payments writes them, to streams of its own: each call takes one a step further, until its end. */
export function createRefundSteps({ store }: Pick<TestNode, 'store'>) {
  const stepsTaken = new Map<string, number>();
  return async (paidTicketId: string, which: number): Promise<void> => {
    const refundId = ids.derive(`refund ${which} of ${paidTicketId}`);
    const step = stepsTaken.get(refundId) ?? 0;
    stepsTaken.set(refundId, step + 1);
    const type = WAYS[which]?.[step];
    if (type === undefined) return;
    const facts = { refundId, amountTyiyn: '100' };
    const data = type === 'RefundSubmitted' ? facts : { ...facts, ticketId: paidTicketId };
    await store.append({
      streams: [
        {
          streamId: ids.derive(`payment of ${paidTicketId}`),
          aggregateType: 'Payment',
          expected: 'any',
          events: [{ id: ids.next(), type, schemaVersion: 1, data }],
        },
      ],
      context: { actor: 'system', correlationId: 'test', occurredAtMs: START_MS },
    });
  };
}
