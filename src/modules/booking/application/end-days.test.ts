import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryEventStore } from '../../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createCommandRunner } from '../../../kernel/command-runner.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { WhyCancelled } from '../contract.ts';
import { capacityAccount } from '../domain/capacity.ts';
import { pass } from '../domain/pass.ts';
import { terms as ofParty } from '../domain/ticket.suite.ts';
import { ticket } from '../domain/ticket.ts';
import { bookingEvents } from '../persistence/events.ts';
import { createEndDays } from './end-days.ts';
import { createFinishVoid } from './finish-void.ts';

const META = { actor: 'user:test', correlationId: 'test' };
const DAY_BEFORE = '2026-12-04';
const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });

/** A visit of a pass whose gates were asked to end it, have ended its day, and answer then. */
async function visitAsked(why: WhyCancelled, today: string) {
  const clock = createManualClock(ofParty.createdAtMs);
  const store = createMemoryEventStore({ clock });
  const runner = createCommandRunner({ store, codec: createEventCodec(bookingEvents, vault), ids, clock });
  const [ticketId, passId] = [ids.next(), ids.next()];
  const terms = { ...ofParty, ticketId, passId, subjectId: ticketId, priceTyiyn: 0n };
  const { parkId, visitDate, places: people } = terms;
  const free = { id: ids.next(), type: 'DayOpened', schemaVersion: 1, data: { parkId, date: visitDate, quota: 10 } };
  await store.append({
    streams: [{ streamId: ids.next(), aggregateType: 'ParkDay', expected: 'none', events: [free] }],
    transfers: [{ from: null, to: capacityAccount(parkId, visitDate, 'free'), amount: 10 }],
    context: { ...META, parkId, occurredAtMs: 1 },
  });
  const ofPass = {
    passId,
    userId: 'guest',
    name: null,
    parkIds: [parkId],
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
  };
  const product = { visits: 1, people, priceTyiyn: 1n, paymentReference: 'bill', issuedAtMs: 1 };
  await runner.run(pass, passId, { kind: 'issue', terms: { ...ofPass, ...product } }, META);
  await runner.run(pass, passId, { kind: 'book', ticketId, userId: 'guest', parkId, visitDate, people }, META);
  const meta = { ...META, parkId };
  await runner.run(ticket, ticketId, { kind: 'hold', terms, admissionCode: 'code' }, meta);
  const ask = { kind: 'ask_void', voidId: ids.next(), why, userId: 'guest', reason: null, today } as const;
  const asked = await runner.run(ticket, ticketId, { ...ask, nowMs: clock.now() }, meta);
  expect(asked).toMatchObject({ ok: true, value: { events: [{ type: 'VoidAsked' }] } });
  clock.set(terms.validUntilMs + 1);
  const endDays = createEndDays({
    runner,
    clock,
    nodeId: 'hq',
    homeOf: async () => 'park',
    gateDayOver: async () => true,
    unusedTickets: { days: async () => [{ parkId, date: visitDate }], of: async () => [ticketId] },
  });
  const finishVoid = createFinishVoid({ runner, clock, parkToday: async () => today, signAdmissionCode: () => 'code' });
  await endDays(10, META);
  expect((await runner.stateOf(ticket, ticketId)).state.status).toBe('active');
  await finishVoid({ ticketId, voidId: ask.voidId, denied: null }, META);
  await endDays(10, META);
  return {
    status: (await runner.stateOf(ticket, ticketId)).state.status,
    visits: (await runner.stateOf(pass, passId)).state.booked.length,
  };
}

test.each([
  ['comes back where it was cancelled the day before', 'guest', DAY_BEFORE, 0],
  ['comes back where its day was closed', 'day_closed', ofParty.visitDate, 0],
  ['does not where staff cancelled it on the day', 'staff', ofParty.visitDate, 1],
] as const)('a visit whose gates answer after they have ended its day %s', async (_what, why, today, visits) => {
  expect(await visitAsked(why, today)).toEqual({ status: 'cancelled', visits });
});
