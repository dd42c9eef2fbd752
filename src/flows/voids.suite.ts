import { expect } from 'vitest';
import { createManualClock } from '../infrastructure/clock.ts';
import { BEGINNING } from '../infrastructure/event-store/authored-event.ts';
import { createMemoryNode, type MemoryNode } from '../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import { createCommandRunner, step } from '../kernel/command-runner.ts';
import { ok } from '../kernel/result.ts';
import { createEventCodec } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import { createAnswerVoid } from '../modules/admission/application/answer-void.ts';
import { admission } from '../modules/admission/domain/admission.ts';
import { admissionsOf, createOwnStreams } from '../modules/admission/application/own-streams.ts';
import { admissionEvents } from '../modules/admission/persistence/events.ts';
import { createAsksGates } from '../modules/booking/application/asks-gates.ts';
import { createCancelTicket } from '../modules/booking/application/cancel-ticket.ts';
import { createPaymentsOfTicket } from '../modules/booking/application/payments-of-ticket.ts';
import { createOpenQuestions } from '../modules/booking/application/open-questions.ts';
import { createMoveTicket } from '../modules/booking/application/move-ticket.ts';
import { createFinishVoid } from '../modules/booking/application/finish-void.ts';
import { capacityAccount, day } from '../modules/booking/domain/capacity.ts';
import { terms as ofParty } from '../modules/booking/domain/ticket.suite.ts';
import { ticket } from '../modules/booking/domain/ticket.ts';
import { bookingEvents } from '../modules/booking/persistence/events.ts';
import { stillHome, type ParkHomeState } from '../modules/nodes/domain/park-home.ts';
import { nodeEvents } from '../modules/nodes/persistence/events.ts';
import { createRefundFlow } from './refund.ts';
import { createAnswerVoidsFlow, createFinishVoidsFlow, createInheritVoidsFlow } from './voids.ts';

export const META = { actor: 'user:test', correlationId: 'test' };
export const terms = { ...ofParty, ticketId: ids.next(), subjectId: ids.next() };
/** Another day of the park, on which the ticket costs 50 som less. */
export const NEW_DAY = '2026-12-07';
const DAY = {
  tariff: { priceUnder3Tyiyn: 0n, priceOver3Tyiyn: 30_000n, priceAdultTyiyn: 0n, groupPercent: 0 },
  dayQuota: 10,
  today: '2026-12-04',
  validFromMs: terms.validUntilMs + 1,
  validUntilMs: terms.validUntilMs + 3,
  closesAtMs: terms.validUntilMs + 2,
};
const SIGNER = { keyId: 'key', sign: async () => 'signature' };
const signAdmissionCode = () => 'code';
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
    gatesOf: async () => ({ home, nodes: ['park'] }),
    ownStreams: createOwnStreams({ ids, nodeId: store.nodeId, parkId: store.nodeId === 'hq' ? null : terms.parkId }),
    runner: createCommandRunner({
      store,
      codec,
      ids,
      clock,
      isHeirOf: async (nodeId) => nodeId === 'park' && home === 'hq',
    }),
  });
  const [atHq, atPark] = [toolsOf(hq), toolsOf(park)];
  const parkToday = async () => '2026-12-04';
  const cancelTicket = createCancelTicket({
    ...atHq,
    role: 'hq',
    parkToday,
    sellerOf: async () => 'hq',
    writers: async () => ['hq'],
    async voidAdmission() {
      if (home === 'park') throw new Error('headquarters writes nothing about these gates');
      return [
        step(
          {
            ...stillHome,
            decide(command, state: ParkHomeState) {
              home = 'park';
              return stillHome.decide(command, state);
            },
          },
          ids.derive('home'),
          { nodeId: 'hq', date: terms.visitDate, headquarters: 'park' },
        ),
      ];
    },
  });
  const moveTicket = createMoveTicket({
    ...atHq,
    asksGates: createAsksGates(atHq),
    findVisitDay: async () => ok({ ...DAY, nowMs: clock.now() }),
    takePlaces: ({ steps, meta }) => atHq.runner.runAll(steps, meta),
    signAdmissionCode,
    isPromised: async () => false,
    findPromo: async () => null,
    standings: async () => ({ points: 0, tierName: 'none', tierPercent: 0, pointTyiyn: 100n, spendablePercent: 50 }),
    parkToday,
  });
  const refunded: Record<string, bigint> = {};
  const refunding = createRefundFlow({
    ids,
    requestRefund: async ({ refundId, amountTyiyn }) => void (refunded[refundId] = amountTyiyn),
    lastRefundOf: async () => null,
    markRefunded: async () => undefined,
    paymentsOf: createPaymentsOfTicket(atHq),
  });
  const answering = createAnswerVoidsFlow({ answerVoid: createAnswerVoid(atPark) });
  const finishing = createFinishVoidsFlow({ finishVoid: createFinishVoid({ ...atHq, parkToday, signAdmissionCode }) });

  const inheriting = createInheritVoidsFlow({
    openQuestions: createOpenQuestions({ ...atHq, askedTickets: async () => [terms.ticketId] }),
    answerVoid: createAnswerVoid(atHq),
  });

  async function handle(flow: Flow, node: MemoryNode, after = 0): Promise<void> {
    for (const stored of await node.store.read(after, 1_000, flow.eventTypes))
      await flow.handle(await codec.decode(stored));
  }

  /** What the park wrote comes to headquarters, and nothing is done about it yet; answers what became of it. */
  async function handOver(): Promise<readonly string[]> {
    await park.replication.seal(SIGNER);
    const { incarnation } = await park.replication.head();
    const outcomes: string[] = [];
    for (const { header, events } of await park.replication.segmentsAfter(incarnation, 0, { segments: 100 })) {
      const { nodeId, first, previousLink } = header;
      const chain = { nodeId, incarnation, first, previousLink };
      outcomes.push((await hq.replication.receive({ events, chain })).outcome);
    }
    return outcomes;
  }

  return {
    clock,
    hq,
    atHq,
    atPark,
    cancel: (why: 'guest' | 'override' = 'guest') =>
      cancelTicket({ ticketId: terms.ticketId, why, userId: why === 'guest' ? 'guest' : null, reason: 'ill' }, META),
    move: () => moveTicket({ ticketId: terms.ticketId, userId: 'guest', visitDate: NEW_DAY }, META),
    /** What goes back, in all. */
    async refunded() {
      await handle(refunding, hq);
      await handle(refunding, hq);
      return Object.values(refunded).reduce((sum, amountTyiyn) => sum + amountTyiyn, 0n);
    },
    state: async () => (await atHq.runner.stateOf(ticket, terms.ticketId)).state,
    /** Somebody comes in by it, although headquarters may have heard nothing of it. */
    enter: (visitDate = terms.visitDate) =>
      atPark.runner.run(
        admission,
        atPark.ownStreams(admissionsOf(terms.ticketId), []).streamId,
        {
          kind: 'admit',
          scanId: ids.next(),
          ...terms,
          visitDate,
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
    handOver,
    async push() {
      await handOver();
      await handle(finishing, hq);
      await handle(finishing, hq);
    },
    /** A cancellation that looks whose the gates are just before they are the park's. */
    cancelAsHomeChanges: () => {
      home = 'hq';
      return cancelTicket({ ticketId: terms.ticketId, why: 'guest', userId: 'guest', reason: 'ill' }, META);
    },
    /** Nothing is taken of what the park's node has not handed over. */
    async fence() {
      const { incarnation, nodeId } = await park.replication.head();
      const held = (await hq.replication.authors()).find((author) => author.incarnation === incarnation);
      await hq.replication.closeAuthor({ nodeId, incarnation, seq: held?.seq ?? 0, link: held?.link ?? BEGINNING });
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
    /** What a cancellation writes that looked whose the gates are before they were headquarters'. */
    async askLate() {
      const after = await hq.store.headPosition();
      const question = { kind: 'ask_void', voidId: ids.next(), why: 'guest', userId: 'guest', reason: 'ill' } as const;
      const meta = { ...META, parkId: terms.parkId };
      const command = { ...question, today: '2026-12-04', nowMs: clock.now() };
      expect(await atHq.runner.run(ticket, terms.ticketId, command, meta)).toMatchObject({ ok: true });
      await handle(inheriting, hq, after);
      await handle(finishing, hq);
    },
    status: async () => (await atHq.runner.stateOf(ticket, terms.ticketId)).state.status,
    places: (date = terms.visitDate) =>
      hq.store.balances(['free', 'sold'].map((bucket) => capacityAccount(terms.parkId, date, bucket as 'free'))),
    told: async () => (await hq.store.load(terms.ticketId)).events.map(({ type }) => type),
  };
}

export async function openSold() {
  const nodes = await openNodes();
  const { parkId } = terms;
  for (const date of [terms.visitDate, NEW_DAY]) {
    await nodes.atHq.runner.run(day, ids.next(), { kind: 'open', parkId, date, quota: 10 }, { ...META, parkId });
  }
  const meta = { ...META, parkId: terms.parkId };
  await nodes.atHq.runner.run(
    ticket,
    terms.ticketId,
    { kind: 'sell', terms, paymentId: 'payment', admissionCode: 'code' },
    meta,
  );
  return nodes;
}
