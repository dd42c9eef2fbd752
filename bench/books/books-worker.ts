import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore, JsonObject } from '../../src/kernel/event-store.ts';
import type { Ids } from '../../src/kernel/ids.ts';
import type { Run } from '../harness/contest.ts';
import { drive } from '../harness/drive.ts';
import { product } from '../harness/product.ts';
import { answerQuestions } from '../harness/worker.ts';

export type BooksQuestion =
  | { readonly kind: 'open'; readonly side: Side; readonly url: string }
  | { readonly kind: 'run'; readonly side: Side; readonly callers: number; readonly seconds: number };
export type Side = 'with' | 'without';

const PRICE = '35000';

/** Everything that the log is told of a ticket that is bought, paid for and used, in the appends that the product makes of it. */
function visitAt(nowMs: number, ids: Ids): readonly (readonly [stream: string, type: string, data: JsonObject])[] {
  const [ticketId, paymentId, userId] = [ids.next(), ids.next(), ids.next()];
  const place = { ticketId, userId, subjectId: userId, parkId: 'bench-park', visitDate: '2026-12-05', places: 2 };
  const money = { paymentId, ticketId, userId, amountTyiyn: PRICE, currency: 'KGS' };
  const held = {
    ...place,
    ticketType: 'single',
    qrCode: ticketId,
    adults: 1,
    children: [{ childId: null, ageBand: '3-6' }],
    priceTyiyn: PRICE,
    priceLines: [],
    promo: null,
    tier: null,
    pointsSpent: 0,
    passId: null,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 900_000,
    validFromMs: nowMs,
    validUntilMs: nowMs + 3_600_000,
    closesAtMs: nowMs + 3_600_000,
  };
  const intended = {
    ...money,
    parkId: place.parkId,
    method: 'elqr',
    providerKey: paymentId,
    returnUrl: 'https://park.example/',
    intendedAtMs: nowMs,
    expiresAtMs: nowMs + 900_000,
  };
  const paid = { providerReference: `FNK-${paymentId}`, source: 'webhook', late: false, succeededAtMs: nowMs };
  const bought = { paymentId, paidTyiyn: PRICE, activatedAtMs: nowMs, retaken: false, admissionCode: null };
  const entered = {
    scanId: ids.next(),
    gate: 'main',
    partySize: 2,
    people: 2,
    places: [1, 2],
    entered: 2,
    inside: 2,
    remaining: 0,
    counted: 2,
    first: true,
    overLimit: false,
    saidAtMs: nowMs,
    scannedAtMs: nowMs,
  };
  return [
    [ticketId, 'TicketHeld', held],
    [paymentId, 'PaymentIntended', intended],
    [paymentId, 'PaymentSucceeded', { ...money, ...paid }],
    [ticketId, 'TicketActivated', { ...place, ...bought }],
    [ids.derive(ticketId), 'PeopleAdmitted', { ...place, ...entered }],
  ];
}

/** Opens the store as a process of the product does, and answers what one caller repeats. */
async function open(url: string): Promise<() => Promise<void>> {
  const { connectDatabase } = await product.database();
  const { openPostgresEventStore } = await product.eventStore();
  const { systemClock: clock } = await product.clock();
  const { systemIds: ids } = await product.ids();
  const settings = { url, role: 'skypark_app', applicationName: 'skypark-bench', onError: console.error };
  const [writer, reader] = [1, 4].map((poolSize) => connectDatabase({ ...settings, poolSize }));
  if (writer === undefined || reader === undefined) throw new Error('two connections are needed');
  const store: EventStore = await openPostgresEventStore({ writer, reader, nodeId: 'bench', clock, sleep });
  return async () => {
    const nowMs = clock.now();
    for (const [streamId, type, data] of visitAt(nowMs, ids)) {
      const { outcome } = await store.append({
        streams: [
          {
            streamId,
            aggregateType: 'Bench',
            expected: 'any',
            events: [{ id: ids.next(), type, schemaVersion: 1, data }],
          },
        ],
        context: { actor: 'system', correlationId: streamId, parkId: 'bench-park', occurredAtMs: nowMs },
      });
      if (outcome !== 'stored') throw new Error(`an append was answered ${outcome}`);
    }
  };
}

const opened = new Map<Side, () => Promise<void>>();

answerQuestions<BooksQuestion, Run>(async (question) => {
  if (question.kind === 'open') {
    opened.set(question.side, await open(question.url));
    return { operations: 0, seconds: 0 };
  }
  const work = opened.get(question.side);
  if (work === undefined) throw new Error('the store was not opened');
  return drive(work, question.callers, question.seconds);
});
