import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { RoleAtPark } from '../../infrastructure/http/access.ts';
import { fixtureInfo, startFixture } from '../../infrastructure/http/http-fixture.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createLedgerModule, ledgerManifest } from './module.ts';
import { BOUGHT_MS, createTeller, type Teller } from './visits.suite.ts';

const clock = createManualClock(BOUGHT_MS);
const ROLES: Readonly<Record<string, readonly RoleAtPark[]>> = {
  finance: [{ role: 'finance', parkId: null }],
  manager: [{ role: 'manager', parkId: null }],
};

type Found = {
  readonly id: string;
  readonly verdict: string;
  readonly line: number | null;
  readonly reference: string;
};

describeWithDatabase('reconciliation', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let teller: Teller;
  let app: Awaited<ReturnType<typeof startFixture>>['app'];
  beforeAll(async () => {
    opened = await openModuleDatabase(ledgerManifest, clock);
    node = await opened.startNode();
    teller = createTeller(node);
    const never = async () => Promise.reject(new Error('nobody asks here'));
    const { routes } = createLedgerModule({ ...node, ids, clock, moneyFacts: never, onLedgerChecked: () => undefined });
    ({ app } = await startFixture({
      routes,
      tokens: {
        verify: async (name) => {
          const [role = '', parkId] = name.split('-at-');
          const roles = parkId === undefined ? (ROLES[role] ?? []) : [{ role: 'finance' as const, parkId }];
          return { kind: 'user', userId: ids.next(), sessionId: name, roles, actor: `user:${role}` };
        },
      },
      clock,
      ids,
      info: { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'office', description: 'Office' }] },
    }));
  });
  afterAll(async () => {
    await app?.close();
    await opened?.close();
  });

  /** A park of its own, with payments that the provider names by their references. */
  function park() {
    const parkId = `park-${ids.next().slice(-8)}`;
    const tag = parkId.slice(-4);
    const paymentIds = new Map<string, string>();
    const rows: string[] = [];
    return {
      parkId,
      ref: (name: string): string => `${name}-${tag}`,
      paymentIds,
      /** Money that we booked. */
      async book(name: string, som: number): Promise<void> {
        const paymentId = ids.next();
        paymentIds.set(name, paymentId);
        await teller.payAs({ parkId, paymentId, som, reference: `${name}-${tag}` });
      },
      /** What the provider says. */
      line(name: string, som: string, fee = '', day = '05.12.2026'): void {
        rows.push(`${name}-${tag};${som};${fee};${day}`);
      },
      raw: (text: string): void => void rows.push(text),
      csv: (): string => ['Референс;Сумма;Комиссия;Дата', ...rows, ''].join('\r\n'),
    };
  }

  const COLUMNS = { reference_column: 'Референс', amount_column: 'Сумма', fee_column: 'Комиссия', date_column: 'Дата' };

  function send(parkId: string, csv: string, more: Record<string, string> = {}, token = 'finance') {
    const query = new URLSearchParams({
      method: 'elqr',
      from: '2026-12-05',
      to: '2026-12-05',
      park_id: parkId,
      ...COLUMNS,
      ...more,
    });
    return app.inject({
      method: 'POST',
      url: `/api/v1/admin/reconciliation/import?${query.toString()}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      payload: csv,
    });
  }
  const list = async (parkId: string, query = ''): Promise<readonly Found[]> => {
    const url = `/api/v1/admin/reconciliation?park_id=${parkId}&limit=100${query}`;
    const answer = await app.inject({ method: 'GET', url, headers: { authorization: 'Bearer finance' } });
    expect(answer.statusCode).toBe(200);
    return answer.json<{ items: readonly Found[] }>().items;
  };
  const resolve = (id: string, body: object, token = 'finance') =>
    app.inject({
      method: 'POST',
      url: `/api/v1/admin/reconciliation/${id}/resolve`,
      headers: { authorization: `Bearer ${token}` },
      payload: body,
    });

  test('lines that the ledger says as well are matched, refunds too, and everything else is told apart', async () => {
    const one = park();
    for (const [name, som] of [
      ['same', 350],
      ['less', 350],
      ['fee', 350],
      ['lost', 700],
    ] as const)
      await one.book(name, som);
    one.line('same', '350.00', '5.25');
    one.line('less', '349,00', '5.24');
    one.line('fee', '350.00', '7.00');
    one.line('same', '350.00', '5.25');
    one.line('same', '-350.00');
    one.line('strange', '700.00', '10.50', '06.12.2026');
    one.raw(`bad-${one.parkId};much;;`);
    const answer = await send(one.parkId, one.csv(), { fee_percent: '1.5' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      lines: 6,
      matched: 1,
      amount_differs: 1,
      fee_differs: 1,
      duplicate: 1,
      missing_here: 2,
      missing_there: 1,
      faults: 1,
      first_faults: [{ line: 8, message: 'its amount cannot be read' }],
    });
    const found = new Map((await list(one.parkId)).map((item) => [`${item.verdict} ${item.line}`, item]));
    expect([...found.keys()].toSorted()).toEqual([
      'amount_differs 3',
      'duplicate 5',
      'fee_differs 4',
      'missing_here 6',
      'missing_here 7',
      'missing_there null',
    ]);
    expect(found.get('amount_differs 3')).toMatchObject({
      told: '349.00',
      booked: '350.00',
      reference: one.ref('less'),
    });
    expect(found.get('missing_here 6')).toMatchObject({ told: '-350.00', booked: null, suggested_payment_id: null });
    // The only payment of this amount that no line tells of, a day before.
    expect(found.get('missing_here 7')).toMatchObject({ suggested_payment_id: one.paymentIds.get('lost') });
    expect(found.get('missing_there null')).toMatchObject({ told: null, booked: '700.00', reference: one.ref('lost') });
  });

  test('a refund that is out is matched with a sum below zero', async () => {
    const one = park();
    await one.book('sold', 350);
    await teller.refundAs({
      parkId: one.parkId,
      paymentId: one.paymentIds.get('sold') ?? '',
      som: 350,
      reference: one.ref('back'),
    });
    one.line('sold', '350');
    one.line('back', '-350');
    expect((await send(one.parkId, one.csv())).json()).toMatchObject({ lines: 2, matched: 2, missing_there: 0 });
  });

  test('the same file again is the same statement, compared with what is booked since; what is resolved stays', async () => {
    const one = park();
    one.line('late', '350.00');
    one.line('never', '500.00');
    const first = (await send(one.parkId, one.csv())).json<{ id: string }>();
    const [never] = (await list(one.parkId)).filter(({ reference }) => reference === one.ref('never'));
    expect((await resolve(never?.id ?? '', { resolution: 'provider_corrects' })).statusCode).toBe(200);
    await one.book('late', 350);
    const second = (await send(one.parkId, one.csv())).json<{ id: string }>();
    expect(second).toMatchObject({ id: first.id, matched: 1, missing_here: 1 });
    expect(await list(one.parkId)).toEqual([]);
    expect(await list(one.parkId, '&status=resolved')).toMatchObject([{ id: never?.id }]);
    const again = (await send(one.parkId, one.csv())).json();
    expect(again).toEqual(second);
  });

  test('read by the wrong columns at first, the same file can be read again', async () => {
    const one = park();
    one.line('right', '350.00', '5.00');
    const wrong = await send(one.parkId, one.csv(), { amount_column: 'Дата' });
    expect(wrong.json()).toMatchObject({ lines: 0, faults: 1 });
    const right = await send(one.parkId, one.csv());
    expect(right.json()).toMatchObject({ lines: 1, faults: 0, id: wrong.json<{ id: string }>().id });
  });

  test('sent many times at once, a file is one statement with each difference once', async () => {
    const one = park();
    for (let number = 0; number < 1200; number += 1) one.line(`many${number}`, '10.00');
    const answers = await Promise.all(Array.from({ length: 4 }, () => send(one.parkId, one.csv())));
    expect(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size).toBe(1);
    for (const answer of answers) expect(answer.json()).toMatchObject({ lines: 1200, missing_here: 1200 });
  });

  test('another park’s money is not looked at, and what a later statement tells is missing nowhere', async () => {
    const [mine, other] = [park(), park()];
    await other.book('theirs', 350);
    await mine.book('mine', 350);
    mine.line('mine', '350.00');
    expect((await send(mine.parkId, mine.csv())).json()).toMatchObject({ matched: 1, missing_there: 0 });
  });

  describe('a resolution', () => {
    async function openDifference() {
      const one = park();
      one.line('x', '350.00');
      await send(one.parkId, one.csv());
      const [found] = await list(one.parkId);
      return { ...one, id: found?.id ?? '' };
    }

    test('is made once, by name, and a word of it is kept sealed', async () => {
      const { id } = await openDifference();
      const body = { resolution: 'written_off', note: 'Letter 17' };
      const told = await resolve(id, body);
      expect(told.json()).toMatchObject({ resolved: { ...body, by: 'user:finance' } });
      expect((await resolve(id, body)).statusCode).toBe(200);
      expect((await resolve(id, { resolution: 'timing' })).statusCode).toBe(409);
      expect(JSON.stringify(await opened.rows())).not.toContain('Letter 17');
    });

    test('is for finance of that park; nobody else learns that there is a difference', async () => {
      const { id, parkId } = await openDifference();
      expect((await resolve(id, { resolution: 'timing' }, 'manager')).statusCode).toBe(403);
      expect((await resolve(id, { resolution: 'timing' }, 'finance-at-other')).statusCode).toBe(404);
      expect((await resolve(id, { resolution: 'timing' }, `finance-at-${parkId}`)).statusCode).toBe(200);
    });

    test('is the same after a rebuild', async () => {
      const live = await opened.rows();
      expect(live['ledger.resolutions']?.length).toBeGreaterThan(1);
      await opened.rebuild(3);
      expect(await opened.rows()).toEqual(live);
    });
  });

  test('differences are a table for a spreadsheet too', async () => {
    const one = park();
    one.line('x', '350.00');
    await send(one.parkId, one.csv());
    const url = `/api/v1/admin/reconciliation?park_id=${one.parkId}`;
    const headers = { authorization: 'Bearer finance', accept: 'text/csv' };
    const { body } = await app.inject({ method: 'GET', url, headers });
    const [head, row] = body.split('\r\n');
    expect(head).toContain('id,statement_id,method,park_id,line,verdict,reference,told,booked');
    expect(row).toContain(`elqr,${one.parkId},2,missing_here,${one.ref('x')},350.00,,`);
  });

  test.each([
    ['a file without its columns', 'a;b\n1;2', {}],
    ['an empty file', '', {}],
    ['days turned round', 'Референс;Сумма;Комиссия;Дата\n', { to: '2026-12-04' }],
  ])('%s is refused', async (_what, csv, more) => {
    expect((await send(park().parkId, csv, more)).statusCode).toBe(400);
  });
});
