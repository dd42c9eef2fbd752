import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { RoleAtPark } from '../../infrastructure/http/access.ts';
import { fixtureInfo, startFixture } from '../../infrastructure/http/http-fixture.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createCheckLedger } from './application/check-ledger.ts';
import type { MoneyFacts } from './application/ports.ts';
import { reportLedgerRoute } from './http/report-ledger.ts';
import { ledgerManifest } from './module.ts';
import { createLedger } from './persistence/entries.ts';
import { createLastCheck } from './persistence/last-check.ts';
import { BOUGHT_MS, createTeller, type Teller } from './visits.suite.ts';

const clock = createManualClock(BOUGHT_MS);

describeWithDatabase('the ledger', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let teller: Teller;
  beforeAll(async () => {
    opened = await openModuleDatabase(ledgerManifest, clock);
    node = await opened.startNode();
    teller = createTeller(node);
  });
  afterAll(() => opened?.close());
  const sold = () => teller.sold();

  describe('the check', () => {
    /** The facts as the ledger has them, changed. */
    async function faultsWith(change: Partial<MoneyFacts>): Promise<readonly string[]> {
      const ledger = createLedger(node.database);
      const { facts } = await ledger.sums(clock.now());
      const told: (readonly string[])[] = [];
      const moneyFacts = async () => ({ ...facts, ...change });
      const lastCheck = createLastCheck(node.database);
      const onChecked = (faults: readonly string[]) => void told.push(faults);
      const check = createCheckLedger({ ledger, moneyFacts, clock, lastCheck, onChecked });
      const faults = await check();
      expect(told).toEqual([faults]);
      expect(await lastCheck.find()).toEqual({ checkedAtMs: clock.now(), faults });
      return faults;
    }
    const unexplainedOf = (faults: readonly string[], { paymentId }: { readonly paymentId: string }) =>
      faults.filter((fault) => fault.includes(paymentId));

    test('compares what came, what went back, what is owed and what is in tills', async () => {
      const sides = ['receivedTyiyn', 'paidBackTyiyn', 'owedTyiyn', 'inTillsTyiyn'] as const;
      const usual = (await faultsWith({})).length;
      for (const side of sides) expect(await faultsWith({ [side]: -7n })).toHaveLength(usual + 1);
    });

    test('makes the books anew from the log, by no more than the rights of the program, and tells what differs', async () => {
      await sold();
      const ofLog = (faults: readonly string[]) => faults.filter((fault) => fault.includes('made anew'));
      expect(ofLog(await faultsWith({}))).toEqual([]);
      await opened.asOwner(`update ledger.totals set day = day - 1 where account = 'received'`);
      expect(ofLog(await faultsWith({}))).toHaveLength(1);
      await opened.asOwner(`update ledger.totals set day = day + 1 where account = 'received'`);
      expect(ofLog(await faultsWith({}))).toEqual([]);
    });

    test('names money that nobody works on, once it had its time', async () => {
      const one = teller.visit();
      await one.book();
      await one.pay();
      expect(unexplainedOf(await faultsWith({}), one)).toEqual([]);
      clock.advance(3 * 3_600_000);
      const [fault] = unexplainedOf(await faultsWith({}), one);
      expect(fault).toContain('nobody works on the money');
      await one.buy();
      expect(unexplainedOf(await faultsWith({}), one)).toEqual([]);
    });

    test('reads again while money moves, and gives up aloud when it never stops', async () => {
      const ledger = createLedger(node.database);
      const { facts } = await ledger.sums(clock.now());
      let reads = 0;
      const restless = (until: number) => async () => {
        reads += 1;
        return { ...facts, receivedTyiyn: reads < until ? BigInt(reads) : facts.receivedTyiyn };
      };
      const lastCheck = createLastCheck(node.database);
      const check = (until: number) =>
        createCheckLedger({ ledger, moneyFacts: restless(until), clock, lastCheck, onChecked: () => undefined });
      expect((await check(4)()).filter((fault) => fault.includes('came in'))).toEqual([]);
      reads = 0;
      const before = await lastCheck.find();
      clock.advance(60_000);
      await expect(check(1000)()).rejects.toThrow('money moved');
      // What was not finished found nothing.
      expect(await lastCheck.find()).toEqual(before);
    });
  });

  describe('the report', () => {
    const ROLES: Readonly<Record<string, readonly RoleAtPark[]>> = {
      admin: [{ role: 'admin', parkId: null }],
      finance: [{ role: 'finance', parkId: null }],
      manager: [{ role: 'manager', parkId: null }],
    };
    async function ask(query: string, token = 'finance', accept = '*/*') {
      const { app } = await startFixture({
        routes: [reportLedgerRoute(createLedger(node.database), createLastCheck(node.database))],
        tokens: {
          verify: async (name) => ({
            kind: 'user',
            userId: ids.next(),
            sessionId: name,
            roles: ROLES[name] ?? [],
            actor: `user:${name}`,
          }),
        },
        clock,
        ids,
        info: { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'office', description: 'Office' }] },
      });
      const headers = { authorization: `Bearer ${token}`, accept };
      const answer = await app.inject({ method: 'GET', url: `/api/v1/admin/reports/ledger?${query}`, headers });
      await app.close();
      return answer;
    }

    type Line = readonly [
      date: string,
      movedOn: string,
      account: string,
      debit: string,
      credit: string,
      balance: string,
    ];
    const lines = (parkId: string, ...told: readonly Line[]) => ({
      last_check: expect.anything() as object,
      items: told.map(([date, movedOn, account, debit, credit, balance]) => {
        return { date, moved_on: movedOn, park_id: parkId, account, debit, credit, balance };
      }),
    });
    const [BOUGHT, VISITED] = ['2026-12-05', '2026-12-08'];
    const bought = (date = BOUGHT): readonly Line[] => [
      [date, date, 'clearing:elqr', '350.00', '0.00', '350.00'],
      [date, date, 'deferred_revenue', '0.00', '350.00', '-350.00'],
      [date, date, 'received', '350.00', '350.00', '0.00'],
    ];

    test('says what accounts moved on a day and held at its end, also where the days before are not asked for', async () => {
      clock.set(BOUGHT_MS);
      const one = await sold();
      clock.set(Date.parse(`${VISITED}T04:00:00Z`));
      await one.admit();
      const visited: readonly Line[] = [
        [VISITED, VISITED, 'deferred_revenue', '350.00', '0.00', '0.00'],
        [VISITED, VISITED, 'revenue', '0.00', '350.00', '-350.00'],
      ];
      const all = await ask(`from=2026-12-01&to=2026-12-08&park_id=${one.parkId}`);
      expect(all.json()).toEqual(lines(one.parkId, ...bought(), ...visited));
      const later = await ask(`from=2026-12-06&to=2026-12-08&park_id=${one.parkId}`);
      expect(later.json()).toEqual(lines(one.parkId, ...visited));
    });

    test('what becomes known late is booked on the day on which it does, and says so: a day that is over never changes', async () => {
      const one = await sold();
      const asked = () => ask(`from=2026-12-01&to=2026-12-08&park_id=${one.parkId}`);
      const before: unknown = (await asked()).json();
      // The gate was cut off for two days, and had let them in on the 8th.
      clock.set(Date.parse('2026-12-10T05:00:00Z'));
      await one.endDay();
      await one.admit();
      expect((await asked()).json()).toEqual(before);
      const found = await ask(`from=2026-12-09&to=2026-12-10&park_id=${one.parkId}`);
      expect(found.json()).toEqual(
        lines(
          one.parkId,
          ['2026-12-10', VISITED, 'deferred_revenue', '350.00', '0.00', '0.00'],
          ['2026-12-10', VISITED, 'revenue', '0.00', '350.00', '-350.00'],
          ['2026-12-10', VISITED, 'revenue:no_show', '350.00', '350.00', '0.00'],
        ),
      );
      const live = await opened.rows();
      await opened.rebuild(3);
      expect(await opened.rows()).toEqual(live);
    });

    test('an unused ticket is a no-show of the day of its visit', async () => {
      const one = await sold();
      await one.endDay();
      const answer = await ask(`from=2026-12-08&to=2026-12-10&park_id=${one.parkId}`, 'admin', 'text/csv');
      expect(answer.headers['content-disposition']).toContain('ledger-2026-12-08-2026-12-10.csv');
      expect(answer.body.split('\r\n')).toContain(
        `2026-12-10,${VISITED},${one.parkId},revenue:no_show,0.00,350.00,-350.00`,
      );
    });

    test('says when the books were checked last, and what was wrong with them', async () => {
      const other = await opened.startNode();
      const keep = (checkedAt: string, ...faults: readonly string[]) =>
        createLastCheck(other.database).keep({ checkedAtMs: Date.parse(checkedAt), faults });
      const told = async () => (await ask('from=2026-12-08&to=2026-12-09')).json<{ last_check: object }>().last_check;
      await opened.asOwner('delete from ledger.last_check');
      expect(await told()).toBeNull();
      await keep('2026-12-20T00:00:02Z');
      expect(await told()).toEqual({ checked_at: '2026-12-20T00:00:02.000Z', all_well: true, faults: [] });
      await keep('2026-12-21T00:00:02Z', '2 transactions do not sum to zero');
      const latest = {
        checked_at: '2026-12-21T00:00:02.000Z',
        all_well: false,
        faults: ['2 transactions do not sum to zero'],
      };
      expect(await told()).toEqual(latest);
      // Another worker that began before and ended after.
      await keep('2026-12-20T23:59:00Z');
      expect(await told()).toEqual(latest);
    });

    test('is for finance and administrators', async () => {
      expect((await ask('from=2026-12-08&to=2026-12-09', 'manager')).statusCode).toBe(403);
    });
  });
});
