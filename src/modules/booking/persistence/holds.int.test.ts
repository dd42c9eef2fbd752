import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../../test/support/module-database.ts';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import { MS_A_DAY } from '../../../kernel/time.ts';
import { day } from '../domain/capacity.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketCommand } from '../domain/ticket-messages.ts';
import { bookingManifest } from '../module.ts';
import { createRowsOfShares } from './holds.ts';
import { DATE, laterCommand, PARK, PAYMENT, START_MS, termsOf } from './tickets.suite.ts';

const clock = createManualClock(START_MS);
const meta = { actor: 'user:test', correlationId: 'test', parkId: PARK };

describeWithDatabase('what a park knows of tickets that another node sold', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let runner: CommandRunner;

  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    node = await opened.startNode();
    ({ runner } = node);
    for (const date of [DATE, '2026-12-10']) {
      await runner.run(day, ids.next(), { kind: 'open', parkId: PARK, date, quota: 100 }, meta);
    }
  });
  afterAll(() => opened.close());

  const tell = (ticketId: string, command: TicketCommand) => runner.run(ticket, ticketId, command, meta);

  test('which may be forgotten there, is told with the day of a ticket and the one that it is leaving', async () => {
    const userId = ids.next();
    const ticketId = ids.next();
    const nowMs = clock.now();
    await tell(ticketId, { kind: 'hold', terms: termsOf(ticketId, userId, nowMs), admissionCode: null });
    await tell(ticketId, { kind: 'settle', paymentId: PAYMENT, paidTyiyn: 50_000n, nowMs, admissionCode: 'code' });
    // One node writes here, so positions are its numbers.
    const remembered = await node.store.headPosition();
    const move = laterCommand('move', userId, { nowMs, which: 0 });
    if (move.kind !== 'move') throw new Error('it moves');
    const voidId = ids.next();
    const { day: toDay } = move.to;
    const to = { ...move.to, day: { ...toDay, validUntilMs: toDay.validUntilMs + 2 * MS_A_DAY } };
    await tell(ticketId, { ...move, to, voidId });
    const [first] = await node.store.read(0, 1);
    const incarnation = first?.incarnation ?? '';
    const { maybeForgotten } = createRowsOfShares(node.database, 'park-1');
    const daysOf = async (seq: number, atMs = START_MS) =>
      (await maybeForgotten({ incarnation: ids.next(), previous: { incarnation, seq } }, atMs))
        .filter((one) => one.ticketId === ticketId)
        .map(({ date, places }) => [date, places]);
    const both = [
      [DATE, 2],
      ['2026-12-10', 2],
    ];
    expect(await daysOf(remembered)).toEqual(both);
    expect(await daysOf(remembered, Date.parse('2026-12-09T06:00:00Z'))).toEqual(both.slice(1));
    expect(await daysOf(remembered + 2)).toEqual([]);
    await tell(ticketId, { kind: 'end_leaving', voidId, denied: null, admissionCode: 'code', nowMs });
    expect(await daysOf(remembered)).toEqual(both.slice(1));
  });
});
