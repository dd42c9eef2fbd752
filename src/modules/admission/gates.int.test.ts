import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createPeopleInside } from './application/people-inside.ts';
import type { ReEntry } from './domain/admission-messages.ts';
import { change, clock, codeOf, gateOn, NOW_MS, scanOf, sell, type Gate } from './gates.suite.ts';
import { refusedScan } from './domain/refused-scan.ts';
import { admissionManifest } from './module.ts';
import { createAdmissions } from './persistence/admissions.ts';
import { createScansOfTickets } from './persistence/scans-of-tickets.ts';

let reEntry: ReEntry = 'none';

describeWithDatabase('gates on one log', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let gate: Gate;
  let otherGate: Gate;

  beforeAll(async () => {
    opened = await openModuleDatabase(admissionManifest, clock);
    node = await opened.startNode();
    gate = gateOn(node, { reEntry: () => reEntry });
    otherGate = gateOn(await opened.startNode());
  });
  beforeEach(() => {
    reEntry = 'none';
  });
  afterAll(() => opened.close());

  test('a signed code lets the party in once', async () => {
    const ticket = sell();
    const code = codeOf(ticket);
    const [first, second] = await gate(scanOf(code), scanOf(code));
    expect(first).toMatchObject({
      outcome: 'admitted',
      people: 4,
      remaining: 0,
      repeated: false,
      ticket: { status: 'used', remaining: 0, people: 4, children: [{ firstName: 'Aibek', ageBand: '3-6' }] },
    });
    expect(second).toMatchObject({ outcome: 'already_used', people: 0, remaining: 0, ticket: { status: 'used' } });
  });

  test('a qr_code lets nobody in by itself, and lets out who is inside', async () => {
    const ticket = sell();
    const { qrCode } = ticket;
    expect(await gate(scanOf(qrCode))).toMatchObject([{ outcome: 'bad_signature', people: 0, ticket: null }]);
    expect(await createAdmissions(node.database, 'test').find(ticket.ticketId)).toBeNull();
    await gate(scanOf(codeOf(ticket)));
    expect(await gate(scanOf(qrCode, { direction: 'out' }))).toMatchObject([{ outcome: 'exited', people: 4 }]);
  });

  test('two gates that scan one ticket at once let in exactly its party', async () => {
    for (let round = 0; round < 20; round += 1) {
      const code = codeOf(sell());
      const one = Array.from({ length: 6 }, () => gate(scanOf(code, { people: 1 })));
      const other = Array.from({ length: 6 }, () => otherGate(scanOf(code, { people: 1 })));
      const answers = (await Promise.all([...one, ...other])).flat();
      expect(answers.filter(({ outcome }) => outcome === 'admitted')).toHaveLength(4);
      expect(answers.filter(({ outcome }) => outcome === 'already_used')).toHaveLength(8);
    }
  });

  test('two gates that admit whole parties at once admit one', async () => {
    for (let round = 0; round < 20; round += 1) {
      const code = codeOf(sell());
      const answers = await Promise.all([gate(scanOf(code)), otherGate(scanOf(code, { gate: 'north' }))]);
      expect(
        answers
          .flat()
          .map(({ outcome }) => outcome)
          .toSorted(),
      ).toEqual(['admitted', 'already_used']);
    }
  });

  test('one scan sent to two gates at once, and again later, counts once and has one answer', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ticket = sell();
      const scan = scanOf(codeOf(ticket), { people: 3 });
      const answers = (await Promise.all([gate(scan), otherGate(scan), gate(scan)])).flat();
      await gate(scanOf(codeOf(ticket)));
      change(ticket, 'cancelled');
      answers.push(...(await otherGate(scan)));
      for (const answer of answers) expect(answer).toMatchObject({ outcome: 'admitted', people: 3, remaining: 1 });
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    }
  });

  test('a scan id that was used for another ticket answers for that one and lets nobody else in', async () => {
    const [first, second] = [sell(), sell({ partySize: 2 })];
    const scan = scanOf(codeOf(first));
    await gate(scan);
    const [answer] = await otherGate({ ...scan, code: codeOf(second) });
    expect(answer).toMatchObject({
      outcome: 'admitted',
      people: 4,
      repeated: true,
      ticket: { ticketId: first.ticketId },
    });
    expect(await createAdmissions(node.database, 'test').find(second.ticketId)).toBeNull();
    expect((await gate(scanOf(codeOf(second))))[0]).toMatchObject({ outcome: 'admitted', people: 2 });
  });

  test('500 scans of one call are answered in order, those of one ticket decided in order', async () => {
    const sold = Array.from({ length: 250 }, () => sell());
    const scans = [...sold, ...sold].map((ticket, index) => scanOf(codeOf(ticket), { people: index < 250 ? 3 : 2 }));
    const answers = await gate(...scans);
    expect(answers.map(({ scanId }) => scanId)).toEqual(scans.map(({ scanId }) => scanId));
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 250 }, () => 'admitted'),
      ...Array.from({ length: 250 }, () => 'partly_used'),
    ]);
  });

  test('what cannot come in is told why', async () => {
    const good = codeOf(sell());
    const forged = `${good.slice(0, 60)}${good.charAt(60) === 'A' ? 'B' : 'A'}${good.slice(61)}`;
    const moved = sell({ movedFrom: '2026-12-04' });
    const oldCode = codeOf({ ...moved, visitDate: '2026-12-04' });
    const elsewhere = sell({ parkId: 'osh' });
    const answers = await gate(
      scanOf(forged),
      scanOf('https://example.org/menu'),
      scanOf('https://example.org/menu', { direction: 'out' }),
      scanOf(codeOf({ ...moved, ticketId: ids.next() })),
      scanOf(oldCode),
      scanOf(codeOf(elsewhere)),
      scanOf(elsewhere.qrCode, { direction: 'out' }),
      scanOf(codeOf(sell({ status: 'expired' }))),
      scanOf(codeOf(sell({ status: 'cancelled' }))),
      scanOf(codeOf(sell()), { saidAtMs: NOW_MS - 86_400_000 }),
      scanOf(sell().qrCode, { direction: 'out' }),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'bad_signature',
      'bad_signature',
      'unknown',
      'unknown',
      'revoked',
      'wrong_park',
      'wrong_park',
      'expired',
      'cancelled',
      'wrong_date',
      'already_used',
    ]);
    expect(answers[5]?.ticket).toMatchObject({ parkId: 'osh', children: [] });
  });

  test('a refusal at the gates of another park is of no park, also one that was written as of the park of the ticket', async () => {
    const [elsewhere, here] = [sell({ parkId: 'osh', movedFrom: '2026-12-04' }), sell({ status: 'cancelled' })];
    const outdated = codeOf({ ...elsewhere, visitDate: '2026-12-04' });
    const answers = await gate(
      scanOf(codeOf(elsewhere)),
      scanOf(outdated),
      scanOf(elsewhere.qrCode, { direction: 'out' }),
      scanOf(codeOf(here)),
    );
    const older = { ...scanOf(''), ticketId: elsewhere.ticketId, parkId: 'osh', outcome: 'wrong_park', remaining: 4 };
    const { code: _code, people: _people, override: _override, decidedOffline: _offline, ...facts } = older;
    const data = { ...facts, outcome: 'wrong_park', scannedAtMs: NOW_MS, nodeId: 'test' } as const;
    const meta = { actor: 'user:gate', correlationId: 'test', parkId: 'osh' };
    expect(await node.runner.run(refusedScan, ids.next(), data, meta)).toMatchObject({ ok: true });
    const told = [...answers, older].map(({ outcome }) => outcome);
    expect(told).toEqual(['wrong_park', 'revoked', 'wrong_park', 'cancelled', 'wrong_park']);
    const scans = (await createScansOfTickets(node.database)([elsewhere.ticketId, here.ticketId])).map(
      ({ ticketId, parkId, outcome }) => `${ticketId === here.ticketId ? 'here' : 'elsewhere'} ${outcome} ${parkId}`,
    );
    expect(scans.toSorted()).toEqual([
      'elsewhere revoked null',
      'elsewhere wrong_park null',
      'elsewhere wrong_park null',
      'elsewhere wrong_park null',
      'here cancelled ala-archa',
    ]);
  });

  test('people inside are those who came in and did not go out', async () => {
    const peopleInside = createPeopleInside(node.store);
    const day = [
      { parkId: 'ala-archa', visitDate: '2026-12-05' },
      { parkId: 'osh', visitDate: '2026-12-05' },
    ];
    const [before = 0] = await peopleInside(day);
    const ticket = sell();
    const code = codeOf(ticket);
    await gate(scanOf(code), scanOf(ticket.qrCode, { direction: 'out', people: 3 }));
    expect(await peopleInside(day)).toEqual([before + 1, 0]);
    reEntry = 'same_day';
    expect((await gate(scanOf(code)))[0]).toMatchObject({ outcome: 'admitted', people: 3 });
    expect(await peopleInside(day)).toEqual([before + 4, 0]);
    expect(await createAdmissions(node.database, 'test').find(ticket.ticketId)).toMatchObject({
      entered: 4,
      inside: 4,
    });
  });

  test('the read model does not change when the log is told twice, and a rebuild gives the same rows', async () => {
    const before = await opened.rows();
    expect(before['admission.scans']?.length).toBeGreaterThan(300);
    const head = await node.store.headPosition();
    await opened.replay(1, head);
    await opened.replay(Math.floor(head / 2), head);
    expect(await opened.rows()).toEqual(before);
    for (const batch of [1, 7, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(before);
    }
    // The rebuilt tables are the live ones now.
    expect((await gate(scanOf(codeOf(sell()))))[0]).toMatchObject({ outcome: 'admitted' });
    expect((await opened.rows())['admission.scans']).toHaveLength((before['admission.scans']?.length ?? 0) + 1);
  });
});
