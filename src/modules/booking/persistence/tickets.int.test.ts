import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../../test/support/module-database.ts';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createCommandRunner, type CommandRunner } from '../../../kernel/command-runner.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import { createPlacesOfDays } from './holds.ts';
import { createTickets } from './tickets.ts';
import { day } from '../domain/capacity.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketCommand } from '../domain/ticket-messages.ts';
import { bookingManifest } from '../module.ts';
import { bookingEvents } from './events.ts';
import {
  createRefundSteps,
  DATE,
  differenceOf,
  laterCommand,
  PAYMENT,
  PARK,
  START_MS,
  termsOf,
} from './tickets.suite.ts';

const clock = createManualClock(START_MS);
const meta = { actor: 'user:test', correlationId: 'test', parkId: PARK };
const SECRETS = ['Zhyldyz', '2021-03-01', 'signed-code', 'Жылдыз'];

describeWithDatabase('the read model of tickets', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let runner: CommandRunner;
  let refund: ReturnType<typeof createRefundSteps>;
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });

  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    node = await opened.startNode();
    refund = createRefundSteps(node);
    runner = createCommandRunner({ store: node.store, codec: createEventCodec(bookingEvents, vault), ids, clock });
    const command = { kind: 'open', parkId: PARK, date: DATE, quota: 10_000 } as const;
    await runner.run(day, ids.derive(`day:${PARK}/${DATE}`), command, meta);
    await runner.run(day, ids.derive(`day:${PARK}/2026-12-10`), { ...command, date: '2026-12-10' }, meta);
  });
  afterAll(() => opened.close());

  const tickets = () => createTickets(node.database, vault);
  const tell = (ticketId: string, command: TicketCommand) => runner.run(ticket, ticketId, command, meta);
  const settle = (ticketId: string, paymentId = PAYMENT, paidTyiyn = 50_000n) =>
    tell(ticketId, { kind: 'settle', paymentId, paidTyiyn, nowMs: clock.now(), admissionCode: 'signed-code' });
  const hold = async (userId = ids.next(), ticketId = ids.next()) => {
    await tell(ticketId, { kind: 'hold', terms: termsOf(ticketId, userId, clock.now()), admissionCode: null });
    return ticketId;
  };

  /** A scan as the gates record it; their module writes to a stream of its own. */
  async function scan(ticketId: string, type: 'PeopleAdmitted' | 'PeopleExited', remaining: number): Promise<void> {
    await node.store.append({
      streams: [
        {
          streamId: ids.derive(`admission of ${ticketId}`),
          aggregateType: 'Admission',
          expected: 'any',
          events: [{ id: ids.next(), type, schemaVersion: 1, data: { ticketId, remaining, scannedAtMs: clock.now() } }],
        },
      ],
      context: { actor: 'device:test', correlationId: 'test', parkId: PARK, occurredAtMs: clock.now() },
    });
  }

  test('a ticket is shown as it was agreed, from its hold on', async () => {
    const userId = ids.next();
    const ticketId = await hold(userId);
    const view = await tickets().find(ticketId);
    const {
      closesAtMs: _closes,
      subjectId: _subject,
      promo: _promo,
      tier: _tier,
      ...terms
    } = termsOf(ticketId, userId, clock.now());
    expect(view).toEqual({
      ...terms,
      qrCode: view?.qrCode,
      children: [{ ...terms.children[0], childId: view?.children[0]?.childId }, terms.children[1]],
      status: 'pending_payment',
      paidTyiyn: 0n,
      remaining: 2,
      usedAtMs: null,
      admissionCode: null,
      promoCode: null,
      movedFrom: null,
      pendingMove: null,
      leaving: null,
      cancelled: null,
      refund: null,
    });
    expect(await tickets().findByQrCode(view?.qrCode ?? '')).toEqual(view);
  });

  test('the admission code is there while people of a paid ticket may come in', async () => {
    const ticketId = await hold();
    const codeNow = async () => (await tickets().find(ticketId))?.admissionCode;
    expect(await codeNow()).toBeNull();
    await settle(ticketId);
    expect(await codeNow()).toBe('signed-code');
    await scan(ticketId, 'PeopleAdmitted', 1);
    expect(await tickets().find(ticketId)).toMatchObject({
      status: 'used',
      remaining: 1,
      admissionCode: 'signed-code',
    });
    await scan(ticketId, 'PeopleAdmitted', 0);
    expect(await tickets().find(ticketId)).toMatchObject({ status: 'used', remaining: 0, admissionCode: null });
  });

  test('a ticket says when it was used first, and its last scan how many may still come in', async () => {
    const ticketId = await hold();
    await settle(ticketId);
    const usedAtMs = clock.now();
    await scan(ticketId, 'PeopleAdmitted', 0);
    clock.advance(1000);
    await scan(ticketId, 'PeopleExited', 2);
    await scan(ticketId, 'PeopleAdmitted', 1);
    expect(await tickets().find(ticketId)).toMatchObject({ usedAtMs, remaining: 1 });
  });

  test('a guest sees the own tickets, newest first, a page at a time', async () => {
    const userId = ids.next();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift(await hold(userId));
    await settle(made[1] ?? '');
    await hold();
    const any = { status: undefined, parkId: undefined, before: undefined, limit: 10 };
    const listed = async (filter: Partial<Parameters<ReturnType<typeof tickets>['ofUser']>[1]>) =>
      (await tickets().ofUser(userId, { ...any, ...filter })).map(({ ticketId }) => ticketId);
    expect(await listed({})).toEqual(made);
    expect(await listed({ limit: 2 })).toEqual(made.slice(0, 2));
    expect(await listed({ before: made[1], limit: 2 })).toEqual(made.slice(2, 4));
    expect(await listed({ status: 'active' })).toEqual([made[1]]);
    expect(await listed({ parkId: 'elsewhere' })).toEqual([]);
  });

  test('when the key of the guest is gone, names, ages and codes are gone, and the rest is not', async () => {
    const userId = ids.next();
    const ticketId = await hold(userId);
    await settle(ticketId);
    await vault.destroy(userId);
    expect(await tickets().find(ticketId)).toMatchObject({
      status: 'active',
      priceTyiyn: 50_000n,
      children: [
        { name: null, birthDate: null, age: null, ageBand: '3-6' },
        { name: null, age: null },
      ],
      admissionCode: null,
    });
  });

  test('overdue holds count among the places that remain, and nobody has bought for an untouched day', async () => {
    const placesOf = createPlacesOfDays({ ...node, clock, nodeId: 'test', role: 'hq', isFenced: async () => false });
    const free = (await placesOf(PARK, [DATE]))[0]?.free ?? 0;
    await hold();
    expect(await placesOf(PARK, [DATE, '2026-12-09'])).toEqual([{ free: free - 2, deficit: 0 }, null]);
    clock.advance(900_000);
    expect((await placesOf(PARK, [DATE]))[0]?.free).toBeGreaterThanOrEqual(free);
  });

  test('a move that waits for its difference is shown until it is carried out or over', async () => {
    const [userId, nowMs] = [ids.next(), START_MS];
    clock.set(nowMs);
    const ticketId = await hold(userId);
    await settle(ticketId);
    const pending = async () => (await tickets().find(ticketId))?.pendingMove;
    const move = () => tell(ticketId, laterCommand('move', userId, { nowMs, which: 1 }));
    const keep = (paymentId: string) => tell(ticketId, { kind: 'keep', userId, paymentId, nowMs });
    await move();
    const waits = { visitDate: '2026-12-10', priceTyiyn: 60_000n, dueTyiyn: 10_000n };
    expect(await pending()).toEqual({ ...waits, expiresAtMs: nowMs + 900_000 });
    await keep(differenceOf(ticketId));
    expect(await pending()).toEqual({ ...waits, expiresAtMs: nowMs + 1_500_000 });
    await tell(ticketId, { kind: 'expire', nowMs: nowMs + 1_500_000 });
    expect(await pending()).toBeNull();
    await move();
    await keep(userId);
    await settle(ticketId, userId, 10_000n);
    const moved = { visitDate: '2026-12-10', movedFrom: DATE, priceTyiyn: 60_000n, paidTyiyn: 60_000n };
    expect(await tickets().find(ticketId)).toMatchObject({ ...moved, pendingMove: null });
  });

  test.each([
    [0, ['requested', 'manual', 'succeeded']],
    [1, ['requested', 'submitted', 'succeeded']],
    [2, ['requested', 'submitted', 'manual']],
  ])('a refund is shown step by step: way %i', async (which, statuses) => {
    const ticketId = await hold();
    await settle(ticketId);
    for (const status of statuses) {
      await refund(ticketId, which);
      expect((await tickets().find(ticketId))?.refund).toEqual({ status, amountTyiyn: 100n });
    }
  });

  test('of two refunds the newest is shown, whatever the other one comes to', async () => {
    const ticketId = await hold();
    await settle(ticketId);
    for (const which of [1, 2, 1, 1]) await refund(ticketId, which);
    const shown = async () => (await tickets().find(ticketId))?.refund?.status;
    expect(await shown()).toBe('requested');
    await refund(ticketId, 2);
    expect(await shown()).toBe('submitted');
  });

  /** Gates let nobody in before this, and no money goes back. */
  const isPaid = async (ticketId: string) => (await runner.stateOf(ticket, ticketId)).state.activated;
  const passageOf = (kind: 'admit' | 'exit') => (kind === 'admit' ? 'PeopleAdmitted' : 'PeopleExited');

  const moves = fc.array(
    fc.record({
      ticket: fc.nat({ max: 3 }),
      kind: fc.constantFrom(
        'hold',
        'hold',
        'settle',
        'hold',
        'hold',
        'keep',
        'expire',
        'settle',
        'settle',
        'admit',
        'exit',
        'cancel',
        'cancel',
        'end_day',
        'mark_refunded',
        'move',
        'move',
        'pay_move',
        'refund',
        'refund',
      ),
      remaining: fc.nat({ max: 2 }),
      waitMs: fc.constantFrom(0, 1, 400_000, 900_000),
    }),
    { minLength: 10, maxLength: 40 },
  );

  test('rebuilt in ranges of any size it is the same rows, after any history', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async (history) => {
        clock.set(START_MS);
        const [userId, own] = [ids.next(), Array.from({ length: 4 }, () => ids.next())];
        const told: Promise<unknown>[] = [];
        for (const { ticket: index, kind, remaining, waitMs } of history) {
          clock.advance(waitMs);
          const ticketId = own[index] ?? '';
          const nowMs = clock.now();
          if (kind === 'hold') told.push(hold(userId, ticketId));
          else if (kind === 'keep')
            told.push(tell(ticketId, { kind, userId, paymentId: differenceOf(ticketId), nowMs }));
          else if (kind === 'pay_move') told.push(settle(ticketId, differenceOf(ticketId), 10_000n));
          else if (kind === 'expire') told.push(tell(ticketId, { kind, nowMs }));
          else if (kind === 'settle') told.push(settle(ticketId));
          else if (kind === 'end_day' || kind === 'mark_refunded' || kind === 'cancel' || kind === 'move') {
            told.push(tell(ticketId, laterCommand(kind, userId, { nowMs, which: remaining })));
          } else if (kind === 'refund') {
            if (await isPaid(ticketId)) told.push(refund(ticketId, remaining));
          } else if (await isPaid(ticketId)) told.push(scan(ticketId, passageOf(kind), remaining));
          if (waitMs > 0) await Promise.all(told.splice(0));
        }
        // A history may have left tickets out; a hold told twice changes nothing.
        await Promise.all([...told, ...own.map((ticketId) => hold(userId, ticketId))]);
        const live = await opened.rows();
        for (const batch of [7, 100_000]) {
          await opened.rebuild(batch);
          expect(await opened.rows()).toEqual(live);
        }
      }),
      { numRuns: 6 },
    );
    const live = await opened.rows();
    expect(live['booking.tickets']?.length).toBeGreaterThan(20);
    await opened.rebuild(1);
    expect(await opened.rows()).toEqual(live);
  }, 240_000);

  test('nothing in its rows tells a name, an age, a birth date or a code', async () => {
    const text = JSON.stringify([await opened.rows(), await node.store.read(0, 10_000)]);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    for (const row of (await opened.rows())['booking.tickets'] ?? []) {
      const { children_data } = JSON.parse(row) as { children_data: { age: unknown }[] };
      for (const { age } of children_data) expect(age).toMatch(/^p1\./);
    }
  });
});
