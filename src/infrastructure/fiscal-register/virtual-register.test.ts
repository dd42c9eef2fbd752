import { afterEach, describe, expect, test } from 'vitest';
import { describeRegister, saleOf } from '../../modules/fiscal/application/register-contract.ts';
import type { ReceiptRequest } from '../../modules/fiscal/contract.ts';
import { createManualClock } from '../clock.ts';
import { systemIds } from '../ids.ts';
import { SANDBOX_FISCAL } from '../provider-sandbox/fiscal-routes.ts';
import { startTestRegister, type TestRegister } from '../provider-sandbox/register.suite.ts';
import { createLogRegister } from './log-register.ts';
import type { VirtualRegisterOptions } from './virtual-register.ts';
import { readAnswer } from './wire.ts';

const { fnNumber: number, tin } = SANDBOX_FISCAL;
const clock = createManualClock(Date.parse('2026-12-01T06:05:07Z'));
const newId = (): string => systemIds.next();

describeRegister('log', async () => ({
  register: createLogRegister(() => undefined),
  number: 'none',
  issuedCount: null,
  loseNextAnswer: null,
  away: null,
  newId,
  close: async () => undefined,
}));

describeRegister('virtual', async () => {
  const sandbox = await startTestRegister(clock);
  return {
    register: sandbox.connect(),
    number,
    issuedCount: async () => (await sandbox.issued()).length,
    loseNextAnswer: () => sandbox.failNext('lose_answer'),
    away: () => sandbox.stop(),
    newId,
    close: () => sandbox.close(),
  };
});

describe('a virtual register', () => {
  let sandbox: TestRegister;
  afterEach(() => sandbox.close());

  async function opened(more: Partial<VirtualRegisterOptions> = {}) {
    sandbox = await startTestRegister(clock);
    const register = sandbox.connect(more);
    await register.openShift(number);
    return register;
  }

  test('is answered in tags, which are all kept: the sign becomes decimal, the time is that of its own clock', async () => {
    const register = await opened();
    const outcome = await register.issue(saleOf(number, newId()));
    expect(outcome).toMatchObject({ kind: 'issued', issued: { localTime: '20261201T120507', tin, fdNumber: '2' } });
    const { issued } = outcome as Extract<typeof outcome, { kind: 'issued' }>;
    expect(issued.tags).toMatchObject({ 1012: 'Tue Dec 01 12:05:07 KGT 2026', 1020: '95001', 1054: '1' });
    expect(issued.fiscalSign).toBe(BigInt(`0x${issued.tags['1077']}`).toString());
    const page = new URLSearchParams({ fn_number: number, fd_number: '2', fm: issued.fiscalSign, tin, sum: '95001' });
    const shown = await fetch(`${sandbox.origin}/tax-web-control/client/api/v1/ticket?${page.toString()}`);
    expect(await shown.json()).toMatchObject({
      sandbox: true,
      dateTime: '2026-12-01T06:05:07Z',
      ticketTotalSum: 95_001,
      ticketTotalCashlessSum: 95_001,
      items: [
        { goodName: 'Входной билет: Ребёнок от 3 лет', goodQuantity: 2, goodCost: 70_000 },
        { goodName: 'Входной билет: Взрослый', goodQuantity: 1, goodCost: 25_001 },
      ],
    });
    page.set('sum', '95002');
    expect((await fetch(`${sandbox.origin}/tax-web-control/client/api/v1/ticket?${page.toString()}`)).status).toBe(404);
  });

  test.each([
    ['refuse', 'refused', 'the register refused: told to refuse'],
    ['http_500', 'failed', 'the register answered 500'],
    ['lose_request', 'failed', 'the register was not reached'],
    ['no_operator', 'failed', 'the operator of fiscal data has not acknowledged it yet'],
  ])('says what went wrong: %s', async (fault, kind, reason) => {
    const register = await opened();
    await sandbox.failNext(fault);
    const sale = saleOf(number, newId());
    expect(await register.issue(sale)).toEqual({ kind, reason });
    expect((await register.issue(sale)).kind).toBe('issued');
    expect(await sandbox.issued()).toHaveLength(1);
  });

  test('that does not answer in time, or not any more, is not asked for a while', async () => {
    await opened();
    const register = sandbox.connect({
      timeoutMs: 20,
      breaker: { failures: 1, openMs: 60_000 },
      http: () => new Promise<Response>(() => undefined),
    });
    expect(await register.issue(saleOf(number, newId()))).toEqual({
      kind: 'failed',
      reason: 'the register did not answer in time',
    });
    expect(register.ready()).toBe(false);
    expect(await register.closeShift(number)).toEqual({
      kind: 'failed',
      reason: 'the register failed too often and is not asked for a while',
    });
  });

  const bad = (change: Partial<ReceiptRequest>, document: Partial<ReceiptRequest['document']> = {}) => {
    const sale = saleOf(number, newId());
    return { ...sale, ...change, document: { ...sale.document, ...document } };
  };
  const good = { name: 'Билет', quantity: 2, priceTyiyn: 100n, costTyiyn: 200n };
  test.each<[string, () => ReceiptRequest]>([
    ['lines that do not add up to the total', () => bad({ totalTyiyn: 95_000n })],
    [
      'a line that is not its price times its quantity',
      () => bad({ totalTyiyn: 201n }, { goods: [{ ...good, costTyiyn: 201n }] }),
    ],
    ['one tax alone', () => bad({}, { taxes: [{ type: 'ST', code: 1, sumTyiyn: 0n }] })],
    ['no goods', () => bad({}, { goods: [] })],
    ['an id that is none', () => bad({ receiptId: 'receipt' })],
    ['a return of what was never sold', () => bad({ origin: { fnNumber: number, fdNumber: '77' } })],
    ['a module that is not registered', () => bad({ register: '1234567890123456' })],
  ])('takes no receipt with %s, in the sandbox', async (_what, receipt) => {
    const register = await opened();
    expect((await register.issue(receipt())).kind).toBe('refused');
    expect(await sandbox.issued()).toEqual([]);
  });

  test('refuses another receipt under an id that it knows, in the sandbox', async () => {
    const register = await opened();
    const sale = saleOf(number, newId());
    await register.issue(sale);
    expect((await register.issue({ ...sale, isCash: true })).kind).toBe('refused');
  });
});

test.each([
  [null, 'failed'],
  ['text', 'failed'],
  [{}, 'refused'],
  [{ fields: { 1210: 'no' } }, 'refused'],
  [{ fields: {}, operatorResponse: { fields: { 1210: 4 } } }, 'refused'],
  [{ fields: {} }, 'failed'],
  [{ fields: {}, operatorResponse: {} }, 'acknowledged'],
])('an answer of a register is read: %j is %s', (body, kind) => {
  expect(readAnswer(body).kind).toBe(kind);
});
