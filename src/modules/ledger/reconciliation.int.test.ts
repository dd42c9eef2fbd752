import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { openOffice, type Office } from './office.suite.ts';
import { BOUGHT_MS } from './visits.suite.ts';

const clock = createManualClock(BOUGHT_MS);

describeWithDatabase('reconciliation', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(clock);
  });
  afterAll(() => office?.close());
  const park: Office['park'] = () => office.park();
  const send: Office['send'] = (...request) => office.send(...request);
  const list: Office['list'] = (...request) => office.list(...request);
  const resolve: Office['resolve'] = (...request) => office.resolve(...request);

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

  test('a line that names a payment whose outcome is unknown suggests it, also in the table', async () => {
    const one = park();
    const paymentId = ids.next();
    office.inDoubt.push({ paymentId, method: 'elqr', parkId: one.parkId, names: [one.ref('named').replace('-', '')] });
    await one.book('alike', 350);
    one.line('named', '350.00');
    await send(one.parkId, one.csv());
    const [named] = (await list(one.parkId)).filter(({ line }) => line === 2);
    expect(named).toMatchObject({ verdict: 'missing_here', payment_id: null, suggested_payment_id: paymentId });
    const table = await office.get(`?park_id=${one.parkId}`, { accept: 'text/csv' });
    expect(table.body).toContain(paymentId);
  });

  test('a refund that is out is matched with a sum below zero', async () => {
    const one = park();
    await one.book('sold', 350);
    await office.teller.refundAs({
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

  test('what the statement of one park says of another park’s money tells nobody anything of it', async () => {
    const [mine, other] = [park(), park()];
    await other.book('theirs', 350);
    await other.book('lost', 100);
    for (const name of ['theirs', 'lost']) mine.raw(`${other.ref(name)};350.00;;05.12.2026`);
    const token = `finance-at-${mine.parkId}`;
    expect((await send(mine.parkId, mine.csv(), {}, token)).json()).toMatchObject({ missing_here: 2 });
    other.line('theirs', '350.00', '5.25');
    const theirs = (await send(other.parkId, other.csv())).json();
    expect(theirs).toMatchObject({ matched: 1, duplicate: 0, missing_there: 1, told: { fees: '5.25' } });
    const ofChain = (await send(null, `${other.csv()}\r\n`)).json();
    expect(ofChain, 'they are told already').toMatchObject({ matched: 0, duplicate: 1 });
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
      expect(JSON.stringify(await office.opened.rows())).not.toContain('Letter 17');
    });

    test('is for finance of that park; nobody else learns that there is a difference', async () => {
      const { id, parkId } = await openDifference();
      expect((await resolve(id, { resolution: 'timing' }, 'manager')).statusCode).toBe(403);
      expect((await resolve(id, { resolution: 'timing' }, 'finance-at-other')).statusCode).toBe(404);
      expect((await resolve(id, { resolution: 'timing' }, `finance-at-${parkId}`)).statusCode).toBe(200);
    });

    test('is the same after a rebuild', async () => {
      const live = await office.opened.rows();
      expect(live['ledger.resolutions']?.length).toBeGreaterThan(1);
      await office.opened.rebuild(3);
      expect(await office.opened.rows()).toEqual(live);
    });
  });

  test('differences are a table for a spreadsheet too', async () => {
    const one = park();
    one.line('x', '350.00');
    await send(one.parkId, one.csv());
    const { body } = await office.get(`?park_id=${one.parkId}`, { accept: 'text/csv' });
    const [head, row] = body.split('\r\n');
    expect(head).toContain('id,statement_id,method,park_id,line,verdict,reference,day,told,booked,told_fee,agreed_fee');
    expect(row).toContain(`elqr,${one.parkId},2,missing_here,${one.ref('x')},2026-12-05,350.00,,,,`);
  });

  test('all of them, however many, and none a formula', async () => {
    const one = park();
    for (let number = 0; number < 2500; number += 1) one.line(`=SUM(A${number})`, '10.00');
    const first = (await send(one.parkId, one.csv())).json<{ id: string }>();
    const { body } = await office.get(`?statement_id=${first.id}`, { accept: 'text/csv' });
    const rows = body.split('\r\n').slice(1, -1);
    expect(new Set(rows).size).toBe(2500);
    expect(rows.filter((row) => row.includes(`,'=SUM(`))).toHaveLength(2500);
  });

  test('those of a statement, or of a verdict, are shown alone', async () => {
    const one = park();
    await one.book('lost', 100);
    one.line('x', '350.00');
    const { id } = (await send(one.parkId, one.csv())).json<{ id: string }>();
    expect(await list(one.parkId, `&statement_id=${id}`)).toHaveLength(2);
    expect(await list(one.parkId, `&statement_id=${id}&verdict=missing_there`)).toMatchObject([
      { reference: one.ref('lost') },
    ]);
  });

  test('of payments of the same amount the nearest in time is suggested', async () => {
    const one = park();
    const at = (time: string) => Date.parse(`2026-12-05T${time}+06:00`);
    for (const [name, time] of [
      ['early', '09:00'],
      ['near', '12:01'],
      ['late', '18:00'],
    ] as const)
      await one.book(name, 350, at(time));
    one.line('strange', '350.00', '', '05.12.2026 12:00');
    await send(one.parkId, one.csv());
    const [found] = await list(one.parkId, '&verdict=missing_here');
    expect(found).toMatchObject({ suggested_payment_id: one.paymentIds.get('near') });
  });

  test.each([
    ['a file without its columns', 'a;b\n1;2', {}, 'has no column Референс, Сумма, Комиссия, Дата, but a, b'],
    ['an empty file', '', {}, 'is an empty file'],
    ['a head alone', 'Референс;Сумма;Комиссия;Дата\r\n', {}, 'has a head and no lines'],
    ['a spreadsheet', 'PK\u0003\u0004', {}, 'is a file of a spreadsheet program: save it as CSV'],
    ['words without a column', 'x', { payout_word: 'Выплата' }, 'is needed to find words in'],
    ['days turned round', 'x', { to: '2026-12-04' }, 'must not be before from'],
  ])('%s is refused, and why', async (_what, csv, more, message) => {
    const answer = await send(park().parkId, csv, more);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ message }] });
  });
});
