import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { TestNode } from '../../../../test/support/module-database.ts';
import type { TicketCommand, TicketTerms } from '../domain/ticket-messages.ts';

export const START_MS = Date.parse('2026-12-05T06:00:00Z');
/** What pays tickets. */
export const PAYMENT = ids.next();
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

export const differenceOf = (ticketId: string): string => ids.derive(`difference of ${ticketId}`);

/** What may happen to a ticket after it was paid. */
export function laterCommand(
  kind: 'cancel' | 'end_day' | 'mark_refunded' | 'move',
  userId: string,
  { nowMs: atMs, which }: { readonly nowMs: number; readonly which: number },
): TicketCommand {
  const nowMs = kind === 'end_day' ? CLOSES_AT_MS + 3_600_000 : atMs;
  if (kind === 'end_day') return { kind, nowMs };
  if (kind === 'mark_refunded') return { kind, paymentId: PAYMENT, refundId: ids.next(), nowMs };
  if (kind === 'cancel') return { kind, why: 'override', userId: null, reason: 'ill', today: '2026-12-05', nowMs };
  const { ticketId: _id, ...terms } = termsOf('', userId, atMs);
  const newDay = { ...terms, visitDate: '2026-12-10', priceTyiyn: which === 0 ? 40_000n : 60_000n };
  const to = { day: newDay, returnedPromo: null, pointsSpent: 0 };
  // To a cheaper day, or to a dearer one that waits for 100 som.
  return { kind, userId, to, voidId: null, today: '2026-12-05', nowMs, admissionCode: 'signed-code' };
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
