import { expect, test } from 'vitest';
import { createManualClock } from '../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import { createCommandRunner } from '../kernel/command-runner.ts';
import { createEventCodec } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import { createAnswerVoid } from '../modules/admission/application/answer-void.ts';
import { admission } from '../modules/admission/domain/admission.ts';
import { admissionStreamId } from '../modules/admission/application/admission-stream.ts';
import { admissionEvents } from '../modules/admission/persistence/events.ts';
import { createCancelTicket } from '../modules/booking/application/cancel-ticket.ts';
import { createEndDays } from '../modules/booking/application/end-days.ts';
import { createOpenQuestions } from '../modules/booking/application/open-questions.ts';
import { createFinishVoid } from '../modules/booking/application/finish-void.ts';
import { capacityAccount } from '../modules/booking/domain/capacity.ts';
import { terms as ofParty } from '../modules/booking/domain/ticket.suite.ts';
import { ticket } from '../modules/booking/domain/ticket.ts';
import { bookingEvents } from '../modules/booking/persistence/events.ts';
import { nodeEvents } from '../modules/nodes/persistence/events.ts';
import { createAnswerVoidsFlow, createFinishVoidsFlow, createInheritVoidsFlow } from './voids.ts';

const META = { actor: 'user:test', correlationId: 'test' };
const terms = { ...ofParty, ticketId: ids.next(), subjectId: ids.next() };
const SIGNER = { keyId: 'key', sign: async () => 'signature' };
const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
const definitions = [...bookingEvents, ...admissionEvents, ...nodeEvents];
const codec = createEventCodec(definitions, vault);
const typesTold = (down: string) => definitions.filter(({ travels }) => travels?.down === down).map(({ type }) => type);

/** Headquarters and the node of the ticket's park, with a paid ticket of tomorrow. */
async function openNodes() {
  const clock = createManualClock(terms.createdAtMs);
  const hq = createMemoryNode({ clock, nodeId: 'hq' });
  const park = createMemoryNode({ clock, nodeId: 'park' });
  let home = 'park';
  const homeOf = async () => home;
  const toolsOf = ({ store }: MemoryNode) => ({
    ids,
    clock,
    nodeId: store.nodeId,
    homeOf,
    runner: createCommandRunner({ store, codec, ids, clock }),
  });
  const [atHq, atPark] = [toolsOf(hq), toolsOf(park)];
  const parkToday = async () => '2026-12-04';
  const cancelTicket = createCancelTicket({
    ...atHq,
    role: 'hq',
    parkToday,
    sellerOf: async () => 'hq',
    writers: async () => ['hq'],
    voidAdmission: () => {
      throw new Error('headquarters writes nothing about these gates');
    },
  });
  const answering = createAnswerVoidsFlow({ answerVoid: createAnswerVoid(atPark) });
  const finishing = createFinishVoidsFlow({ finishVoid: createFinishVoid({ ...atHq, parkToday }) });

  const inheriting = createInheritVoidsFlow({
    openQuestions: createOpenQuestions({ ...atHq, askedTickets: async () => [terms.ticketId] }),
    answerVoid: createAnswerVoid(atHq),
  });

  async function handle(flow: Flow, node: MemoryNode): Promise<void> {
    for (const stored of await node.store.read(0, 1_000, flow.eventTypes))
      await flow.handle(await codec.decode(stored));
  }

  return {
    clock,
    hq,
    atHq,
    atPark,
    cancel: (why: 'guest' | 'override' = 'guest') =>
      cancelTicket({ ticketId: terms.ticketId, why, userId: why === 'guest' ? 'guest' : null, reason: 'ill' }, META),
    /** Somebody comes in by it, although headquarters may have heard nothing of it. */
    enter: () =>
      atPark.runner.run(
        admission,
        admissionStreamId(ids, terms.ticketId),
        {
          kind: 'admit',
          scanId: ids.next(),
          ...terms,
          partySize: 2,
          people: 1,
          gate: 'main',
          saidAtMs: 1,
          scannedAtMs: 1,
          reEntry: 'none',
          nodeId: 'park',
          overLimit: true,
          override: null,
        },
        META,
      ),
    /** The park hears what is for it, and answers; told twice, nothing changes. */
    async pull() {
      const asked = {
        parkId: terms.parkId,
        everyParkTypes: typesTold('every_park'),
        itsParkTypes: typesTold('its_park'),
      };
      const { events } = await hq.replication.feed({ ...asked, afterPosition: 0, limit: 1_000 });
      await park.replication.receive({ events, chain: null });
      await handle(answering, park);
      await handle(answering, park);
    },
    async push() {
      await park.replication.seal(SIGNER);
      const { incarnation } = await park.replication.head();
      for (const { header, events } of await park.replication.segmentsAfter(incarnation, 0, { segments: 100 })) {
        const { nodeId, first, previousLink } = header;
        await hq.replication.receive({ events, chain: { nodeId, incarnation, first, previousLink } });
      }
      await handle(finishing, hq);
      await handle(finishing, hq);
    },
    /** The gates of the park are headquarters' from now on. */
    async inherit() {
      home = 'hq';
      const data = { parkId: terms.parkId, nodeId: 'hq', fromDate: terms.visitDate };
      const word = { id: ids.next(), type: 'ParkHomeAssigned', schemaVersion: 1, data };
      await hq.store.append({
        streams: [{ streamId: ids.next(), aggregateType: 'ParkHome', expected: 'none', events: [word] }],
        context: { ...META, parkId: terms.parkId, occurredAtMs: 1 },
      });
      await handle(inheriting, hq);
      await handle(inheriting, hq);
      await handle(finishing, hq);
    },
    status: async () => (await atHq.runner.stateOf(ticket, terms.ticketId)).state.status,
    places: () =>
      hq.store.balances(
        ['free', 'sold'].map((bucket) => capacityAccount(terms.parkId, terms.visitDate, bucket as 'free')),
      ),
    told: async () => (await hq.store.load(terms.ticketId)).events.map(({ type }) => type),
  };
}

async function openSold() {
  const nodes = await openNodes();
  const free = capacityAccount(terms.parkId, terms.visitDate, 'free');
  await nodes.hq.store.append({
    streams: [
      {
        streamId: ids.next(),
        aggregateType: 'ParkDay',
        expected: 'none',
        events: [
          {
            id: ids.next(),
            type: 'DayOpened',
            schemaVersion: 1,
            data: { parkId: terms.parkId, date: terms.visitDate, quota: 10 },
          },
        ],
      },
    ],
    transfers: [{ from: null, to: free, amount: 10 }],
    context: { ...META, parkId: terms.parkId, occurredAtMs: 1 },
  });
  const meta = { ...META, parkId: terms.parkId };
  await nodes.atHq.runner.run(
    ticket,
    terms.ticketId,
    { kind: 'sell', terms, paymentId: 'payment', admissionCode: 'code' },
    meta,
  );
  return nodes;
}

test('a ticket of another node’s gates stays good until they have ended it; then its places are free', async () => {
  const nodes = await openSold();
  expect(await nodes.cancel()).toEqual({ ok: true, value: null });
  expect(await nodes.cancel()).toEqual({ ok: true, value: null });
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  await nodes.pull();
  expect(await nodes.enter()).toMatchObject({ ok: false, refusal: { code: 'cancelled' } });
  await nodes.push();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [10, 0]]);
  expect(await nodes.told()).toEqual(['TicketHeld', 'TicketActivated', 'VoidAsked', 'TicketCancelled']);
});

test('somebody who came in first keeps the ticket; a manager may insist', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  await nodes.pull();
  await nodes.push();
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  expect((await nodes.told()).at(-1)).toBe('TicketVoidDenied');
  await nodes.cancel('override');
  await nodes.pull();
  await nodes.push();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [8, 2]]);
});

test('of an entry and the end of the ticket at the same moment exactly one wins', async () => {
  for (let round = 0; round < 20; round += 1) {
    const nodes = await openSold();
    await nodes.cancel();
    const [entry] =
      round % 2 === 0
        ? await Promise.all([nodes.enter(), nodes.pull()])
        : ((await Promise.all([nodes.pull(), nodes.enter()])).toReversed() as [
            Awaited<ReturnType<typeof nodes.enter>>,
          ]);
    await nodes.push();
    expect(await nodes.status()).toBe(entry.ok ? 'active' : 'cancelled');
  }
});

test('a ticket that waits for its gates waits for their answer also once they have ended its day: a use may be in their log before it', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  nodes.clock.set(terms.validUntilMs + 1);
  const day = { parkId: terms.parkId, date: terms.visitDate };
  const endDays = createEndDays({
    ...nodes.atHq,
    gateDayOver: async () => true,
    unusedTickets: { days: async () => [day], of: async () => [terms.ticketId] },
  });
  await endDays(10, META);
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  await nodes.pull();
  await nodes.push();
  expect((await nodes.told()).at(-1)).toBe('TicketVoidDenied');
  await endDays(10, META);
  expect([await nodes.status(), await nodes.places()]).toEqual(['expired', [8, 2]]);
});

test('a ticket that nobody cancels ends once its gates have passed its day, and not before', async () => {
  const nodes = await openSold();
  nodes.clock.set(terms.validUntilMs + 1);
  let isOver = false;
  const day = { parkId: terms.parkId, date: terms.visitDate };
  const endDays = createEndDays({
    ...nodes.atHq,
    gateDayOver: async () => isOver,
    unusedTickets: { days: async () => [day], of: async () => [terms.ticketId] },
  });
  expect([await endDays(10, META), await nodes.status()]).toEqual([0, 'active']);
  isOver = true;
  expect([await endDays(10, META), await nodes.status()]).toEqual([1, 'expired']);
});

test('what nobody at the gates will answer any more is answered by headquarters when the gates become its own', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  await nodes.inherit();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [10, 0]]);
  expect(await nodes.told()).toEqual(['TicketHeld', 'TicketActivated', 'VoidAsked', 'TicketCancelled']);
});
