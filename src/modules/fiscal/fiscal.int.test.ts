import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { FiscalRegister } from './contract.ts';
import { openFiscal, type Fiscal } from './fiscal.suite.ts';

const never = new AbortController().signal;
const meta = { actor: 'system', correlationId: 'worker' };
const LEASE_MS = 120_000;
const START = statement('test.start', 'select position from fiscal.start');

describeWithDatabase('fiscal receipts', () => {
  let fiscal: Fiscal;
  beforeAll(async () => {
    fiscal = await openFiscal();
  });
  afterAll(() => fiscal.close());

  const issue = (register: FiscalRegister | null = fiscal.connect()) =>
    fiscal.moduleOf(register).issueReceipts(never, meta);

  test('a sale is issued once, with lines that add up and the address of its QR code; told again it is the same one', async () => {
    const sale = await fiscal.payment();
    await sale.pay(100_000n);
    await sale.pay(100_000n);
    expect(await fiscal.moduleOf(null).receiptsOfPayments([sale.paymentId])).toMatchObject([
      { status: 'pending' },
      { status: 'pending' },
    ]);
    await issue();
    await issue();
    expect(await sale.issued()).toMatchObject([
      {
        operation: 'INCOME',
        totalSum: 100_000,
        totalCashSum: 0,
        goods: [
          { name: 'Билет: Ребёнок от 3 лет', quantity: 2, price: 33_333, cost: 66_666 },
          { quantity: 1, price: 33_334 },
        ],
        taxSums: [
          { type: 'ST', code: 1, sum: 0 },
          { type: 'VAT', code: 2, sum: 10_714 },
        ],
      },
    ]);
    const [receipt] = await fiscal.moduleOf(null).receiptsOfPayments([sale.paymentId]);
    expect(receipt).toMatchObject({ status: 'issued', kind: 'sale', totalTyiyn: 100_000n, issued: { isTest: true } });
    expect(receipt?.issued?.url).toMatch(
      /^https:\/\/tax\.example\/ticket\?date=20261205T120000&type=3&operation_type=1&fn_number=\d{16}&fd_number=\d+&fm=\d+&tin=\d{14}&regNumber=\d{16}&sum=100000$/,
    );
  });

  test('cash is on the receipt as cash', async () => {
    const sale = await fiscal.payment();
    fiscal.cash.add(sale.paymentId);
    await sale.pay();
    await issue();
    expect(await sale.issued()).toMatchObject([{ totalCashSum: 100_000, totalCashlessSum: 0 }]);
  });

  test('a return waits for the receipt of its sale, names it, and is due at once when that is out', async () => {
    const sale = await fiscal.payment();
    await sale.pay(100_000n);
    await fiscal.sandbox.failNext('http_500');
    await sale.giveBack(30_001n);
    await issue();
    expect(await sale.rows()).toMatchObject([
      { kind: 'sale', outcome: null, attempts: 1, error: 'the register answered 500' },
      { kind: 'return', outcome: null, attempts: 0, next_try_at: Infinity },
    ]);
    fiscal.clock.advance(5_000);
    await issue();
    await issue();
    const [sold, returned] = (await sale.issued()) as readonly Record<string, unknown>[];
    expect(returned).toMatchObject({ operation: 'INCOME_RETURN', totalSum: 30_001 });
    const [receipt] = await fiscal.moduleOf(null).receiptsOfPayments([sale.paymentId]);
    expect([returned?.['originFnSerialNumber'], String(returned?.['originFdNumber'])]).toEqual([
      sold?.['fnNumber'],
      receipt?.issued?.fdNumber,
    ]);
  });

  test('returns come to no more than their sale, and money that did not fit is on no receipt', async () => {
    const sale = await fiscal.payment();
    await sale.pay(100_000n);
    await sale.giveBack(35_000n, { isMisfit: true });
    await sale.giveBack(60_000n);
    await sale.giveBack(60_000n);
    await sale.giveBack(1n);
    await issue();
    await issue();
    expect((await sale.rows()).map(({ outcome, total }) => [outcome, total])).toEqual([
      ['issued', 100_000],
      ['none_required', 0],
      ['issued', 60_000],
      ['issued', 40_000],
      ['none_required', 0],
    ]);
    expect((await sale.issued()).map(({ totalSum }) => totalSum)).toEqual([100_000, 60_000, 40_000]);
  });

  test('a refund of a sale without a receipt wants none', async () => {
    const sale = await fiscal.payment();
    await sale.giveBack(100_000n);
    expect(await sale.rows()).toMatchObject([{ kind: 'return', outcome: 'none_required' }]);
  });

  test('money from before there were receipts wants none, however often its events are read', async () => {
    const [start] = await fiscal.node.database.rows<{ position: number }>(START);
    const sale = await fiscal.payment();
    await sale.pay(100_000n, { position: start?.position ?? -1 });
    expect(await sale.rows()).toEqual([]);
  });

  test.each(['refuse', 'http_500', 'lose_request', 'lose_answer', 'no_operator'])(
    'what the register does wrong costs no receipt and makes none twice: %s',
    async (fault) => {
      const sale = await fiscal.payment();
      await sale.pay();
      await fiscal.sandbox.failNext(fault, fault);
      const tries: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        await issue();
        const [row] = await sale.rows();
        tries.push((row?.next_try_at ?? 0) - fiscal.clock.now());
        fiscal.clock.advance(60_000);
      }
      expect(tries.slice(0, 2)).toEqual([2_000, 10_000]);
      expect(await sale.rows()).toMatchObject([{ outcome: 'issued', attempts: 3, error: null }]);
      expect(await sale.issued()).toHaveLength(1);
    },
  );

  test('who dies before or after the register was asked leaves it to the next, which issues one', async () => {
    const [before, after] = [await fiscal.payment(), await fiscal.payment()];
    await before.pay();
    await after.pay();
    const register = fiscal.connect();
    const dying: FiscalRegister = {
      ...register,
      async issue(request) {
        const isAfter = (await after.rows()).length > 0 && request.receiptId === (await idOf(after.paymentId));
        if (isAfter) await register.issue(request);
        throw new Error('killed');
      },
    };
    await expect(issue(dying)).rejects.toThrow('killed');
    expect([await before.issued(), (await after.issued()).length]).toEqual([[], 1]);
    // Nobody else takes it while it may still be under way.
    await issue();
    expect(await before.issued()).toEqual([]);
    fiscal.clock.advance(LEASE_MS);
    await issue();
    for (const sale of [before, after]) {
      expect(await sale.issued()).toHaveLength(1);
      expect(await sale.rows()).toMatchObject([{ outcome: 'issued' }]);
    }
  });

  const idOf = async (paymentId: string) =>
    (await fiscal.moduleOf(null).receiptsOfPayments([paymentId]))[0]?.receiptId ?? null;

  test('who dies after the log has it is told of it again, and nothing is new', async () => {
    const sale = await fiscal.payment();
    await sale.pay();
    const module = fiscal.moduleOf(fiscal.connect());
    await module.issueReceipts(never, meta);
    await fiscal.opened.asOwner(
      `update fiscal.receipt set outcome = null, next_try_at = now() - interval '1 year' where payment_id = '${sale.paymentId}'`,
    );
    const head = await fiscal.node.store.headPosition();
    await module.issueReceipts(never, meta);
    expect(await fiscal.node.store.headPosition()).toBe(head);
    expect(await sale.rows()).toMatchObject([{ outcome: 'issued' }]);
    expect(await sale.issued()).toHaveLength(1);
  });

  test('two workers at once issue each receipt once', async () => {
    const other = await fiscal.opened.startNode();
    const sales = await Promise.all(Array.from({ length: 12 }, () => fiscal.payment()));
    for (const sale of sales) await sale.pay();
    const workers = [fiscal.moduleOf(fiscal.connect()), fiscal.moduleOf(fiscal.connect(), other)];
    await Promise.all(workers.map((worker) => worker.issueReceipts(never, meta)));
    for (const sale of sales) {
      expect(await sale.issued()).toHaveLength(1);
      expect(await sale.rows()).toMatchObject([{ outcome: 'issued', attempts: 1 }]);
    }
  });

  test('a shift is closed when its day is over, and opened for the first receipt of the next', async () => {
    const [today, tomorrow] = [await fiscal.payment(), await fiscal.payment()];
    await today.pay();
    await issue();
    const before = (await fiscal.sandbox.shifts()).length;
    const { closeEndedShifts } = fiscal.moduleOf(fiscal.connect());
    await closeEndedShifts();
    expect(await fiscal.sandbox.shifts()).toHaveLength(before);
    fiscal.clock.advance(86_400_000);
    await Promise.all([closeEndedShifts(), closeEndedShifts()]);
    expect((await fiscal.sandbox.shifts()).slice(before)).toEqual(['closed']);
    await tomorrow.pay();
    await issue();
    expect((await fiscal.sandbox.shifts()).slice(before)).toEqual(['closed', 'opened']);
    expect(await tomorrow.issued()).toHaveLength(1);
  });

  test('a shift that others closed or opened is found out, and nothing is lost by it', async () => {
    const register = fiscal.connect();
    const [first, second, third] = [await fiscal.payment(), await fiscal.payment(), await fiscal.payment()];
    await first.pay();
    await issue();
    const number = '0000000000000001';
    await register.closeShift(number);
    await second.pay();
    await issue();
    expect(await second.rows()).toMatchObject([{ error: 'the register refused: the shift is not open' }]);
    fiscal.clock.advance(5_000);
    await issue();
    expect(await second.issued()).toHaveLength(1);
    // The day is over, the old shift was closed, and somebody opened a new one by hand.
    fiscal.clock.advance(86_400_000);
    await register.closeShift(number);
    await register.openShift(number);
    await third.pay();
    await issue();
    expect(await third.issued()).toHaveLength(1);
  });

  test('without a register it is said that there is no receipt; one that is connected later issues it when asked', async () => {
    const off = fiscal.moduleOf(null);
    const sale = await fiscal.payment(off);
    await sale.pay();
    await off.issueReceipts(never, meta);
    expect(await off.receiptsOfPayments([sale.paymentId])).toMatchObject([{ status: 'no_register', issued: null }]);
    await issue();
    expect(await sale.issued()).toEqual([]);
    await sale.giveBack(1n);
    await issue();
    expect(await sale.rows()).toMatchObject([{ outcome: 'no_register' }, { outcome: 'no_register' }]);
  });

  test('what registers issued is made anew from the log, row for row', async () => {
    const before = await fiscal.opened.rows();
    expect(before['fiscal.issued']?.length).toBeGreaterThan(5);
    await fiscal.opened.rebuild(3);
    expect(await fiscal.opened.rows()).toEqual(before);
    await fiscal.opened.replay(1, await fiscal.node.store.headPosition());
    expect(await fiscal.opened.rows()).toEqual(before);
  });
});
