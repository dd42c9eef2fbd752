import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { openOffice, type Office } from './office.suite.ts';
import { BOUGHT_MS } from './visits.suite.ts';

const clock = createManualClock(BOUGHT_MS);
const KINDS = { kind_column: 'Вид', payout_word: 'выплата', refund_word: 'возврат' };

describeWithDatabase('what a statement tells of money', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(clock);
  });
  afterAll(() => office?.close());

  /** Two payments, of which the provider kept its fees, and what it paid out for them. */
  async function settled(more: (one: ReturnType<Office['park']>) => void = () => undefined) {
    const one = office.park();
    await one.book('first', 350);
    await one.book('second', 700);
    one.line('first', '350.00', '5.25', '05.12.2026', 'оплата');
    one.line('second', '700.00', '10.50', '05.12.2026', 'оплата');
    one.line('payout', '-1034.25', '', '06.12.2026', 'Выплата');
    more(one);
    const send = (query: Record<string, string> = {}) =>
      office.send(one.parkId, one.csv('Вид'), { fee_percent: '1.5', ...KINDS, ...query });
    const imported = (await send()).json<{ id: string }>();
    return { ...one, send, imported, id: imported.id };
  }
  const SETTLED = { bank: 1034.25, provider_fees: 15.75, received: -1050 };

  test('is booked when somebody says so: fees and payouts leave the clearing account, nothing stays in it', async () => {
    const one = await settled();
    expect(one.imported).toMatchObject({
      matched: 3,
      told: { fees: '15.75', payouts: '1034.25', unexplained: '0.00', written_off: '0.00' },
      booked: { fees: '0.00', payouts: '0.00' },
    });
    expect(await one.balances()).toEqual({ 'clearing:elqr': 1050, received: -1050 });
    const booked = await office.change('book', one.id);
    expect(booked).toMatchObject({ status: 200, body: { booked: { fees: '15.75', payouts: '1034.25' } } });
    expect(await one.balances()).toEqual(SETTLED);
  });

  test('is booked once, however often it is imported and booked', async () => {
    const one = await settled();
    await Promise.all([1, 2, 3, 4].map(() => office.change('book', one.id)));
    expect((await one.send()).json()).toMatchObject({ id: one.id, booked: { fees: '15.75' } });
    await office.change('book', one.id);
    expect(await one.balances()).toEqual(SETTLED);
  });

  test('read otherwise it is booked by the difference', async () => {
    const one = await settled();
    await office.change('book', one.id);
    const other = (await one.send({ payout_word: 'другое' })).json();
    // The payout is taken for a refund that nobody knows.
    expect(other).toMatchObject({
      id: one.id,
      missing_here: 1,
      told: { payouts: '0.00' },
      booked: { payouts: '1034.25' },
    });
    await office.change('book', one.id);
    expect(await one.balances()).toEqual({ 'clearing:elqr': 1034.25, provider_fees: 15.75, received: -1050 });
    await one.send();
    await office.change('book', one.id);
    expect(await one.balances()).toEqual(SETTLED);
  });

  test('lines of a second file that the first has told are not booked twice', async () => {
    const one = await settled();
    await office.change('book', one.id);
    one.line('third', '-10.00', '', '05.12.2026', 'оплата');
    const second = (await one.send()).json<{ id: string }>();
    expect(second).toMatchObject({ duplicate: 3, missing_here: 1, told: { fees: '0.00', payouts: '0.00' } });
    await office.change('book', second.id);
    expect(await one.balances()).toEqual(SETTLED);
  });

  test('is booked once, when an earlier file of the same days is read rightly only after a later one was booked', async () => {
    const one = await settled();
    const wrong = (await one.send({ reference_column: 'Вид' })).json<{ id: string }>();
    one.line('third', '-10.00', '', '05.12.2026', 'оплата');
    const second = (await one.send()).json<{ id: string }>();
    await office.change('book', second.id);
    expect(await one.balances()).toEqual(SETTLED);
    const csv = one.csv('Вид').replace(/third.*\r\n/, '');
    const first = await office.send(one.parkId, csv, { fee_percent: '1.5', ...KINDS });
    expect(first.json()).toMatchObject({ id: wrong.id });
    await office.change('book', wrong.id);
    expect(await one.balances()).toEqual(SETTLED);
  });

  test('withdrawn it takes back what it booked, and makes room for the right one', async () => {
    const one = await settled();
    await office.change('book', one.id);
    expect((await office.change('withdraw', one.id)).status).toBe(204);
    expect(await one.balances()).toEqual({ 'clearing:elqr': 1050, received: -1050 });
    expect((await office.change('book', one.id)).status).toBe(404);
    expect(await office.list(one.parkId)).toEqual([]);
    const again = (await one.send()).json<{ id: string }>();
    expect(again).toMatchObject({ matched: 3, booked: { fees: '0.00' } });
    await office.change('book', again.id);
    expect(await one.balances()).toEqual(SETTLED);
  });

  async function resolved(verdict: string, resolution: string, one: { readonly parkId: string; readonly id: string }) {
    const [found] = await office.list(one.parkId, `&verdict=${verdict}&statement_id=${one.id}`);
    expect((await office.resolve(found?.id ?? '', { resolution })).statusCode).toBe(200);
    await office.change('book', one.id);
  }

  test('money that nobody can explain is in suspense, until somebody says that it is the provider’s mistake', async () => {
    const one = await settled((of) => of.line('strange', '100.00', '', '05.12.2026', 'оплата'));
    await office.change('book', one.id);
    const { provider_fees: fees, bank } = SETTLED;
    const unexplained = { 'clearing:elqr': 100, suspense: -100, provider_fees: fees, bank, received: -1050 };
    expect(await one.balances()).toEqual(unexplained);
    await resolved('missing_here', 'provider_corrects', one);
    expect(await one.balances()).toEqual(SETTLED);
  });

  test('… or until its payment is booked after all', async () => {
    const one = await settled((of) => of.line('late', '100.00', '1.50', '05.12.2026', 'оплата'));
    await office.change('book', one.id);
    expect(await one.balances()).toMatchObject({ suspense: -100 });
    await one.book('late', 100);
    expect((await office.change('compare', one.id)).body).toMatchObject({ matched: 4, told: { unexplained: '0.00' } });
    await office.change('book', one.id);
    const { suspense, received, provider_fees: fees } = await one.balances();
    expect([suspense, received, fees]).toEqual([undefined, -1150, 17.25]);
  });

  test('what a provider lacks is a claim on it, until somebody writes it off', async () => {
    const one = await settled((of) => of.line('x', '1.00', '', '05.12.2026', 'возврат'));
    await one.book('lost', 50);
    await office.change('book', one.id);
    expect(await one.balances()).toEqual({ ...SETTLED, 'clearing:elqr': 50, received: -1100 });
    await resolved('missing_there', 'written_off', one);
    expect(await one.balances()).toEqual({ ...SETTLED, written_off: 50, received: -1100 });
  });

  test('of a fee in dispute only what was agreed is booked, until it is accepted', async () => {
    const one = await settled((of) => of.line('dear', '100.00', '9.00', '05.12.2026', 'оплата'));
    await one.book('dear', 100);
    await office.change('compare', one.id);
    await office.change('book', one.id);
    expect(await one.balances()).toMatchObject({ provider_fees: 17.25 });
    await resolved('fee_differs', 'fee_accepted', one);
    expect(await one.balances()).toMatchObject({ provider_fees: 24.75 });
  });

  test('an account of the chain is paid out under no park, and its fees are of the parks whose money it was', async () => {
    const [one, other] = [office.park(), office.park()];
    await one.book('mine', 100);
    await other.book('theirs', 200);
    one.line('mine', '100.00', '1.00');
    one.raw(`${other.ref('theirs')};200.00;2.00;05.12.2026`);
    const statement = (await office.send(null, one.csv())).json<{ id: string }>();
    await office.change('book', statement.id);
    expect(await one.balances()).toMatchObject({ provider_fees: 1, 'clearing:elqr': 99 });
    expect(await other.balances()).toMatchObject({ provider_fees: 2, 'clearing:elqr': 198 });
  });

  test('statements are listed with what they tell and what is booked, those of a park to its finance only', async () => {
    const one = await settled();
    const { items } = (await office.get(`/statements?park_id=${one.parkId}`)).json<{ items: readonly object[] }>();
    expect(items).toMatchObject([{ id: one.id, lines: 3, open: 0, told: { fees: '15.75' }, booked: { fees: '0.00' } }]);
    for (const what of ['compare', 'book', 'withdraw'] as const) {
      expect((await office.change(what, one.id, 'finance-at-other')).status).toBe(404);
      expect((await office.change(what, one.id, 'manager')).status).toBe(403);
    }
    expect((await office.change('book', one.id, `finance-at-${one.parkId}`)).status).toBe(200);
  });

  describe('in the ledger', () => {
    test('is booked on the day on which it is, with the day that the statement tells', async () => {
      clock.set(Date.parse('2026-12-09T05:00:00Z'));
      const one = await settled();
      await office.change('book', one.id);
      const rows = (await office.opened.rows())['ledger.totals'] ?? [];
      const ours = rows
        .map((row) => JSON.parse(row) as Record<string, unknown>)
        .filter((row) => row['park_id'] === one.parkId);
      expect(ours.find(({ account }) => account === 'bank')).toMatchObject({
        booked_day: '2026-12-09',
        day: '2026-12-06',
      });
      expect(ours.find(({ account }) => account === 'provider_fees')).toMatchObject({
        booked_day: '2026-12-09',
        day: '2026-12-05',
      });
    });

    test('is rebuilt from the log to the same rows', async () => {
      const live = await office.opened.rows();
      expect(live['ledger.entries']?.filter((row) => row.includes('StatementBooked')).length).toBeGreaterThan(20);
      for (const batch of [3, 10_000]) {
        await office.opened.rebuild(batch);
        expect(await office.opened.rows()).toEqual(live);
      }
      await office.opened.replay(1, await office.node.store.headPosition());
      expect(await office.opened.rows()).toEqual(live);
    });
  });
});
