import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { MS_A_DAY } from '../../kernel/time.ts';
import type { GateTicketFacts } from './application/ports.ts';
import { change, clock, codeOf, gateOn, NOW_MS, scanOf, sell, type Gate } from './gates.suite.ts';
import { admissionManifest } from './module.ts';
import { createAdmissions } from './persistence/admissions.ts';

describeWithDatabase('answers of gates', () => {
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

  describe('a scan that was refused', () => {
    test('stays refused as at first, whatever becomes of the ticket, and counts nobody', async () => {
      const ticket = sell({ status: 'expired' });
      const scan = scanOf(codeOf(ticket));
      const [first] = await gate(scan);
      expect(first).toMatchObject({ outcome: 'expired', people: 0, remaining: 4, repeated: false });
      expect(await otherGate(scan)).toEqual([{ ...first, repeated: true }]);
      change(ticket, 'active');
      const repeat = { outcome: 'expired', people: 0, remaining: 4, repeated: true };
      expect(await gate(scan)).toMatchObject([repeat]);
      expect(await createAdmissions(node.database, 'test').find(ticket.ticketId)).toBeNull();
      expect(await otherGate(scanOf(scan.code, { people: 3 }))).toMatchObject([{ outcome: 'admitted' }]);
      expect(await otherGate(scan)).toMatchObject([{ ...repeat, ticket: { status: 'used', remaining: 4 } }]);
    });

    test('keeps its answer also without a ticket, and when the party has gone in meanwhile', async () => {
      const ticket = sell();
      const [full, forged] = [scanOf(codeOf(ticket), { people: 5 }), scanOf(ticket.qrCode)];
      expect(await gate(full, forged)).toMatchObject([
        { outcome: 'partly_used', remaining: 4, ticket: { status: 'active' } },
        { outcome: 'bad_signature', ticket: null },
      ]);
      await gate(scanOf(codeOf(ticket)));
      expect(await otherGate(full, { ...forged, code: full.code })).toMatchObject([
        { outcome: 'partly_used', remaining: 4, repeated: true },
        { outcome: 'bad_signature', ticket: null, repeated: true },
      ]);
    });

    test('is refused for ever, and what was scanned is not kept', async () => {
      const scan = scanOf('forged by somebody');
      await gate(scan);
      clock.advance(400 * MS_A_DAY);
      const repeat = { outcome: 'bad_signature', people: 0, repeated: true };
      expect(await gate({ ...scan, code: codeOf(sell()) })).toMatchObject([repeat]);
      clock.set(NOW_MS);
      const { events } = await node.store.load(ids.derive(`refused-scan:${scan.scanId}`));
      expect(events).toMatchObject([{ type: 'ScanRefused', data: { outcome: 'bad_signature', ticketId: null } }]);
      expect(JSON.stringify(events)).not.toContain('forged by somebody');
    });

    test('before refusals were events keeps its answer', async () => {
      const scan = scanOf(codeOf(sell()));
      const keep = `insert into admission.refused_scans values ($1, null, 'unknown', 0, store.from_ms($2))`;
      await node.database.rows(statement('test.keep-refusal', keep), [scan.scanId, NOW_MS]);
      expect(await otherGate(scan)).toMatchObject([{ outcome: 'unknown', people: 0, repeated: true }]);
    });

    test('for different reasons by two gates at once has one answer', async () => {
      for (let round = 0; round < 20; round += 1) {
        const over = scanOf(codeOf(sell({ status: 'expired' })));
        const forged = { ...over, code: 'forged' };
        const sent = [gate(over, forged), otherGate(forged, over), gate(forged), otherGate(over)];
        const answers = (await Promise.all(sent)).flat();
        expect(new Set(answers.map(({ outcome }) => outcome)).size).toBe(1);
        expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      }
    });
  });

  describe('a scan whose answer was lost, and that the gate then decided without one', () => {
    test('keeps the answer that it was admitted with, and nobody counts twice', async () => {
      const ticket = sell();
      const scan = scanOf(codeOf(ticket), { people: 3 });
      const [first] = await gate(scan);
      const repeat = { ...first, repeated: true };
      expect(await otherGate({ ...scan, decidedOffline: true })).toEqual([repeat]);
      expect((await createAdmissions(node.database, 'test').find(ticket.ticketId))?.inside).toBe(3);
    });

    test('and that was refused because others had come in counts them as inside, with an incident', async () => {
      const ticket = sell();
      await gate(scanOf(codeOf(ticket), { people: 4 }));
      const scan = scanOf(codeOf(ticket), { people: 2 });
      expect(await gate(scan)).toMatchObject([{ outcome: 'already_used', people: 0, incidentId: null }]);
      const [told] = await otherGate({ ...scan, decidedOffline: true });
      expect(told).toMatchObject({ scanId: scan.scanId, outcome: 'already_used', people: 2, repeated: false });
      expect(told?.incidentId).toEqual(expect.any(String));
      expect(await gate({ ...scan, decidedOffline: true })).toEqual([{ ...told, repeated: true }]);
      expect((await createAdmissions(node.database, 'test').find(ticket.ticketId))?.inside).toBe(6);
    });

    test('and that let in more than it was answered with counts the others too, once', async () => {
      const ticket = sell();
      const scan = scanOf(codeOf(ticket), { people: 2 });
      await gate(scan);
      const all = { ...scan, people: 4, decidedOffline: true };
      const [told] = await otherGate(all);
      expect(told).toMatchObject({
        scanId: scan.scanId,
        outcome: 'admitted',
        people: 4,
        remaining: 0,
        repeated: false,
      });
      expect(await gate(all)).toEqual([{ ...told, repeated: true }]);
      expect(await createAdmissions(node.database, 'test').find(ticket.ticketId)).toMatchObject({
        entered: 4,
        inside: 4,
      });
    });

    test('and that let in a whole party of whom others had come in counts six of four, with an incident', async () => {
      const ticket = sell();
      await gate(scanOf(codeOf(ticket), { people: 2 }));
      const asked = scanOf(codeOf(ticket));
      expect(await gate(asked)).toMatchObject([{ outcome: 'admitted', people: 2, remaining: 0 }]);
      const letIn = { ...asked, people: 4, decidedOffline: true };
      const [told] = await otherGate(letIn);
      expect(told).toMatchObject({ scanId: asked.scanId, outcome: 'already_used', people: 4, repeated: false });
      expect(told?.incidentId).toEqual(expect.any(String));
      expect(await gate(letIn)).toEqual([{ ...told, repeated: true }]);
      expect((await createAdmissions(node.database, 'test').find(ticket.ticketId))?.inside).toBe(6);
    });

    test('is refused as at first where it cannot count', async () => {
      const scan = scanOf('forged by somebody', { people: 2, decidedOffline: true });
      const [first] = await gate(scan);
      expect(first).toMatchObject({ outcome: 'bad_signature', people: 0, repeated: false });
      for (const at of [otherGate, gate]) expect(await at(scan)).toEqual([{ ...first, repeated: true }]);
    });
  });

  test('one scan that two processes judge differently at once is either admitted or refused, by both and for ever', async () => {
    const lagging = gateOn(await opened.startNode(), { sees: (ticket) => ({ ...ticket, status: 'expired' }) });
    const seen = new Set<string>();
    for (let round = 0; round < 40; round += 1) {
      const ticket = sell();
      const scan = scanOf(codeOf(ticket));
      const others = [() => lagging(scan), () => otherGate({ ...scan, code: 'forged' })];
      // Whoever asks first wins more often; both ought to at times.
      const calls = round % 2 === 0 ? [...others, () => gate(scan)] : [() => gate(scan), ...others];
      const answers = (await Promise.all(calls.map((call) => call()))).flat();
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      const [outcome = ''] = new Set(answers.map((answer) => answer.outcome));
      for (const answer of answers) expect(answer.outcome).toBe(outcome);
      for (const ask of [gate, lagging, otherGate]) {
        expect(await ask(scan)).toMatchObject([{ outcome, repeated: true }]);
      }
      const inside = (await createAdmissions(node.database, 'test').find(ticket.ticketId))?.inside ?? 0;
      expect(inside).toBe(outcome === 'admitted' ? 4 : 0);
      seen.add(outcome);
    }
    expect(seen).toContain('admitted');
    expect(seen.size).toBeGreaterThan(1);
  });

  test('a scan of a used ticket is told when and at which gate the first of the party came in, and a good one is not', async () => {
    const ticket = sell();
    const code = codeOf(ticket);
    const cameAtMs = NOW_MS - 600_000;
    expect(await gate(scanOf(code, { people: 5, gate: 'north' }))).toMatchObject([
      { outcome: 'partly_used', firstAdmitted: null },
    ]);
    await gate(scanOf(code, { people: 1, gate: 'north', saidAtMs: cameAtMs }));
    const firstAdmitted = { atMs: cameAtMs, gate: 'north' };
    const rest = scanOf(code, { people: 3, gate: 'south' });
    expect(await otherGate(scanOf(code, { people: 4, gate: 'south' }), rest)).toMatchObject([
      { outcome: 'partly_used', remaining: 3, firstAdmitted },
      { outcome: 'admitted', firstAdmitted: null },
    ]);
    const used = scanOf(code, { gate: 'south' });
    for (const at of [otherGate, gate])
      expect(await at(used)).toMatchObject([{ outcome: 'already_used', firstAdmitted }]);
    expect(await gate(scanOf(code, { direction: 'out' }), rest)).toMatchObject([
      { outcome: 'exited', firstAdmitted: null },
      { outcome: 'admitted', repeated: true, firstAdmitted: null },
    ]);
  });

  test('a scan sent twice in one call is decided once', async () => {
    const scan = scanOf(codeOf(sell()), { people: 1 });
    const [first, second] = await gate(scan, { ...scan, code: codeOf(sell()) });
    expect(first).toMatchObject({ outcome: 'admitted', people: 1, remaining: 3, repeated: false });
    expect(second).toEqual({ ...first, repeated: true });
  });

  describe('the time of a scan', () => {
    const eventsOf = async ({ ticketId }: GateTicketFacts) =>
      (await node.store.load(ids.derive(`admission:${ticketId}`))).events.map(({ data }) => data);

    test('from the future is taken as when it arrived', async () => {
      const ticket = sell();
      await gate(scanOf(codeOf(ticket), { saidAtMs: NOW_MS + 3_600_000 }));
      expect(await eventsOf(ticket)).toMatchObject([{ saidAtMs: NOW_MS + 3_600_000, scannedAtMs: NOW_MS }]);
    });

    test('from before the ticket was made is taken as when it was made', async () => {
      const sameDay = sell({ createdAtMs: NOW_MS - 60_000 });
      const [answer] = await gate(scanOf(codeOf(sameDay), { saidAtMs: NOW_MS - MS_A_DAY }));
      expect(answer).toMatchObject({ outcome: 'admitted' });
      const times = { saidAtMs: NOW_MS - MS_A_DAY, scannedAtMs: NOW_MS - 60_000 };
      expect(await eventsOf(sameDay)).toMatchObject([times]);
      const madeTooLate = sell({ createdAtMs: NOW_MS, validUntilMs: NOW_MS - 1 });
      const early = scanOf(codeOf(madeTooLate), { saidAtMs: NOW_MS - 60_000 });
      expect(await gate(early)).toMatchObject([{ outcome: 'expired' }]);
    });

    test('of going out is not before the last coming in', async () => {
      const ticket = sell();
      const code = codeOf(ticket);
      await gate(scanOf(code, { people: 2 }), scanOf(code, { saidAtMs: NOW_MS - 120_000 }));
      await gate(scanOf(code, { direction: 'out', saidAtMs: NOW_MS - 60_000 }));
      expect((await eventsOf(ticket)).at(-1)).toMatchObject({ saidAtMs: NOW_MS - 60_000, scannedAtMs: NOW_MS });
    });
  });
});
