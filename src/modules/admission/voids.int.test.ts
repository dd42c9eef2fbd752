import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { GateTicketFacts } from './application/ports.ts';
import { createPeopleInside } from './application/people-inside.ts';
import { createOwnStreams } from './application/own-streams.ts';
import { createVoidStep } from './application/void-admission.ts';
import { clock, codeOf, gateOn, NOW_MS, scanOf, sell, type Gate } from './gates.suite.ts';
import { admissionManifest } from './module.ts';
import { createAdmissions } from './persistence/admissions.ts';

const voidStep = createVoidStep({
  ownStreams: createOwnStreams({ ids, nodeId: 'test', parkId: null }),
  gatesOf: async () => ({ home: 'test', nodes: [] }),
});

const voidOn = async (node: TestNode, ticket: GateTicketFacts, override = false) => {
  const { ticketId, parkId, visitDate, partySize } = ticket;
  const step = await voidStep({ ticketId, parkId, visitDate, partySize, why: 'guest', override, nowMs: NOW_MS });
  return node.runner.runAll([step], { actor: 'user:guest', correlationId: 'test' });
};

describeWithDatabase('the void of a ticket', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let gate: Gate;
  let otherGate: Gate;

  beforeAll(async () => {
    opened = await openModuleDatabase(admissionManifest, clock);
    node = await opened.startNode();
    gate = gateOn(node);
    otherGate = gateOn(await opened.startNode());
  });
  afterAll(() => opened.close());

  test('makes every scan cancelled, at every gate', async () => {
    const ticket = sell();
    expect(await voidOn(node, ticket)).toMatchObject({ ok: true });
    for (const at of [gate, otherGate]) {
      expect(await at(scanOf(codeOf(ticket)))).toMatchObject([
        { outcome: 'cancelled', people: 0, ticket: { status: 'cancelled' } },
      ]);
    }
    expect(await createAdmissions(node.database, 'test').find(ticket.ticketId)).toBeNull();
  });

  test('and a scan of it at two processes at once never both win', async () => {
    const wins = { scan: 0, void: 0 };
    for (let round = 0; round < 40; round += 1) {
      const ticket = sell();
      const scan = scanOf(codeOf(ticket));
      // A scan reads more before it decides, so in half of the rounds the void waits a little.
      const voiding = round % 2 === 0 ? voidOn(node, ticket) : setTimeout(round % 8).then(() => voidOn(node, ticket));
      const [answers, ended] = await Promise.all([otherGate(scan), voiding]);
      if (ended.ok) {
        wins.void += 1;
        expect(answers).toMatchObject([{ outcome: 'cancelled', people: 0 }]);
      } else {
        wins.scan += 1;
        expect(ended.refusal).toEqual({ code: 'already_admitted', entered: 4 });
        expect(answers).toMatchObject([{ outcome: 'admitted', people: 4 }]);
      }
    }
    expect(Math.min(wins.scan, wins.void)).toBeGreaterThan(0);
  });

  test('by override leaves those inside counted until they go out', async () => {
    const ticket = sell();
    const peopleInside = createPeopleInside(node.store);
    const day = [{ parkId: 'ala-archa', visitDate: '2026-12-05' }];
    const [before = 0] = await peopleInside(day);
    await gate(scanOf(codeOf(ticket), { people: 3 }));
    expect(await voidOn(node, ticket, true)).toMatchObject({ ok: true });
    expect(await peopleInside(day)).toEqual([before + 3]);
    expect(await otherGate(scanOf(codeOf(ticket)))).toMatchObject([{ outcome: 'cancelled', remaining: 1 }]);
    expect(await otherGate(scanOf(ticket.qrCode, { direction: 'out' }))).toMatchObject([
      { outcome: 'exited', people: 3 },
    ]);
    expect(await peopleInside(day)).toEqual([before]);
  });

  test('a rebuild of the read model gives the same rows', async () => {
    const before = await opened.rows();
    expect(before['admission.voids']?.length).toBeGreaterThan(2);
    await opened.replay(1, await node.store.headPosition());
    expect(await opened.rows()).toEqual(before);
    for (const batch of [1, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(before);
    }
  });
});
