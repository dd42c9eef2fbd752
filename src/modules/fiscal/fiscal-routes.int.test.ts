import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { RoleAtPark } from '../../infrastructure/http/access.ts';
import { openFiscal, type Fiscal } from './fiscal.suite.ts';

const never = new AbortController().signal;
const meta = { actor: 'system', correlationId: 'worker' };
const userIdOf = (name: string): string => ids.derive(`user:${name}`);
const GUEST = userIdOf('guest');
const TOKENS: Readonly<Record<string, readonly RoleAtPark[]>> = {
  guest: [],
  stranger: [],
  gate: [{ role: 'gate', parkId: 'ala-archa' }],
  'gate-elsewhere': [{ role: 'gate', parkId: 'osh' }],
  finance: [{ role: 'finance', parkId: null }],
  'finance-here': [{ role: 'finance', parkId: 'ala-archa' }],
  'finance-elsewhere': [{ role: 'finance', parkId: 'osh' }],
};

type Item = Readonly<Record<string, unknown>>;

describeWithDatabase('routes of fiscal receipts', () => {
  let fiscal: Fiscal;
  let server: TestServer;
  let withoutRegister: TestServer;
  beforeAll(async () => {
    fiscal = await openFiscal();
    const tokens = {
      verify: async (name: string) => ({
        kind: 'user' as const,
        userId: userIdOf(name),
        sessionId: name,
        roles: TOKENS[name] ?? [],
        actor: `user:${name}`,
      }),
    };
    server = await serve(fiscal.moduleOf(fiscal.connect()).routes, tokens, fiscal.clock);
    withoutRegister = await serve(fiscal.moduleOf(null).routes, tokens, fiscal.clock);
  });
  afterAll(async () => {
    await server.close();
    await withoutRegister.close();
    await fiscal.close();
  });

  const issue = (register = fiscal.connect()) => fiscal.moduleOf(register).issueReceipts(never, meta);
  const idOf = async (paymentId: string): Promise<string> =>
    (await fiscal.moduleOf(null).receiptsOfPayments([paymentId]))[0]?.receiptId ?? '';
  async function list(query: string, token = 'finance'): Promise<readonly Item[]> {
    const { status, body } = await server.ask('GET', `/api/v1/admin/fiscal-receipts?${query}`, { token });
    expect(status).toBe(200);
    return body['items'] as readonly Item[];
  }
  const ofPayment = (items: readonly Item[], paymentId: string) =>
    items.filter((item) => item['payment_id'] === paymentId);

  test('the QR code of an issued receipt is drawn for its owner and the staff of the park, and for nobody else', async () => {
    const sale = await fiscal.payment();
    fiscal.owners.set(sale.ticketId, GUEST);
    await sale.pay();
    const path = `/api/v1/fiscal-receipts/${await idOf(sale.paymentId)}/qr`;
    const before = await server.ask('GET', path, { token: 'guest' });
    expect(before).toMatchObject({ status: 404, body: { code: 'fiscal_receipt_not_found' } });
    await issue();
    const [known] = await fiscal.moduleOf(null).receiptsOfPayments([sale.paymentId]);
    for (const [token, status] of Object.entries({
      guest: 200,
      gate: 200,
      finance: 200,
      stranger: 404,
      'gate-elsewhere': 404,
    })) {
      const answer = await server.ask('GET', path, { token });
      expect([token, answer.status]).toEqual([token, status]);
      if (status === 200) expect(answer.bytes.toString()).toBe(`<svg>${known?.issued?.url}</svg>`);
    }
    const png = await server.ask('GET', path, { token: 'guest', headers: { accept: 'image/png' } });
    expect(png.headers['content-type']).toBe('image/png');
    expect((await server.ask('GET', path)).status).toBe(401);
  });

  test('what is not issued within ten minutes is overdue, with the reason, until it is tried again and issued', async () => {
    const sale = await fiscal.payment();
    await sale.pay();
    await fiscal.sandbox.failNext('refuse');
    await issue();
    expect(ofPayment(await list('status=overdue'), sale.paymentId)).toEqual([]);
    expect(ofPayment(await list('status=pending'), sale.paymentId)).toHaveLength(1);
    fiscal.clock.advance(600_001);
    await fiscal.sandbox.failNext('refuse', 'refuse', 'refuse', 'refuse');
    for (let tries = 0; tries < 4; tries += 1) {
      await issue();
      fiscal.clock.advance(121_000);
    }
    const [overdue] = ofPayment(await list(''), sale.paymentId);
    expect(overdue).toMatchObject({
      kind: 'sale',
      status: 'pending',
      total: '1000.00',
      error: 'the register refused: told to refuse',
      attempts: 5,
      url: null,
    });
    await issue();
    expect(await sale.issued()).toEqual([]);
    const retried = await server.ask('POST', `/api/v1/admin/fiscal-receipts/${String(overdue?.['id'])}/retry`, {
      token: 'finance',
    });
    expect(retried.status).toBe(202);
    await issue();
    expect(ofPayment(await list('status=issued'), sale.paymentId)).toMatchObject([{ fd_number: expect.any(String) }]);
    expect(await sale.issued()).toHaveLength(1);
    const again = await server.ask('POST', `/api/v1/admin/fiscal-receipts/${String(overdue?.['id'])}/retry`, {
      token: 'finance',
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'fiscal_receipt_settled' } });
  });

  test('tried again by a person it is asked for under the codes of now, which may have been corrected', async () => {
    const sale = await fiscal.payment(fiscal.moduleOf(fiscal.connect(), fiscal.node, 9));
    await sale.pay();
    await fiscal.sandbox.failNext('refuse');
    await issue();
    const path = `/api/v1/admin/fiscal-receipts/${await idOf(sale.paymentId)}/retry`;
    expect((await server.ask('POST', path, { token: 'finance' })).status).toBe(202);
    await issue();
    expect(await sale.issued()).toMatchObject([{ taxSums: [{}, { type: 'VAT', code: 2 }] }]);
  });

  test('what was sold without a register is issued when somebody asks for it, and its return after it', async () => {
    const off = fiscal.moduleOf(null);
    const sale = await fiscal.payment(off);
    await sale.pay();
    await off.issueReceipts(never, meta);
    const [item] = ofPayment(await list('status=no_register'), sale.paymentId);
    expect(item).toMatchObject({ register: 'none', status: 'no_register' });
    const path = `/api/v1/admin/fiscal-receipts/${String(item?.['id'])}/retry`;
    expect((await withoutRegister.ask('POST', path, { token: 'finance' })).status).toBe(409);
    expect((await server.ask('POST', path, { token: 'finance' })).status).toBe(202);
    await issue();
    expect(await sale.issued()).toMatchObject([
      { operation: 'INCOME', goods: [{ name: 'Билет: Ребёнок от 3 лет' }, {}] },
    ]);
    await sale.giveBack(100_000n, { by: fiscal.moduleOf(fiscal.connect()) });
    await issue();
    expect((await sale.issued()).map(({ operation }) => operation)).toEqual(['INCOME', 'INCOME_RETURN']);
  });

  test('a sale without a register that was given back since is issued with its returns, each once', async () => {
    const off = fiscal.moduleOf(null);
    const sale = await fiscal.payment(off);
    await sale.pay(100_000n);
    await sale.giveBack(60_000n);
    await off.issueReceipts(never, meta);
    await sale.giveBack(40_000n);
    await issue();
    expect((await sale.rows()).map(({ outcome }) => outcome)).toEqual(['no_register', 'no_register', 'no_register']);
    const path = `/api/v1/admin/fiscal-receipts/${await idOf(sale.paymentId)}/retry`;
    expect((await server.ask('POST', path, { token: 'finance' })).status).toBe(202);
    await issue();
    await issue();
    const issued = (await sale.issued()).map(({ operation, totalSum }) => [operation, totalSum]);
    expect(issued.slice(0, 1)).toEqual([['INCOME', 100_000]]);
    expect(issued.slice(1)).toHaveLength(2);
    expect(issued.slice(1)).toEqual(
      expect.arrayContaining([
        ['INCOME_RETURN', 60_000],
        ['INCOME_RETURN', 40_000],
      ]),
    );
  });

  test('finance of a park sees and tries what is of that park, and others nothing', async () => {
    const sale = await fiscal.payment();
    await sale.pay();
    const path = `/api/v1/admin/fiscal-receipts/${await idOf(sale.paymentId)}/retry`;
    const statuses = async (token: string) => [
      (await server.ask('GET', '/api/v1/admin/fiscal-receipts', { token })).status,
      (await server.ask('GET', '/api/v1/admin/fiscal-receipts?park_id=ala-archa', { token })).status,
      (await server.ask('POST', path, { token })).status,
    ];
    expect(await statuses('finance')).toEqual([200, 200, 202]);
    expect(await statuses('finance-here')).toEqual([403, 200, 202]);
    expect(await statuses('finance-elsewhere')).toEqual([403, 403, 404]);
    expect(await statuses('gate')).toEqual([403, 403, 403]);
    expect(ofPayment(await list('status=pending&park_id=ala-archa', 'finance-here'), sale.paymentId)).toHaveLength(1);
    expect(await list('status=pending&park_id=osh')).toEqual([]);
  });

  test('a list goes on where a page ends', async () => {
    for (let count = 0; count < 3; count += 1) await (await fiscal.payment()).pay();
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const path = `/api/v1/admin/fiscal-receipts?status=pending&limit=2${cursor}`;
      const { body } = await server.ask('GET', path, { token: 'finance' });
      seen.push(...(body['items'] as readonly Item[]).map((item) => item['id']));
      cursor = typeof body['next_cursor'] === 'string' ? `&cursor=${body['next_cursor']}` : '';
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await list('status=pending&limit=100')).length);
    const bad = await server.ask('GET', '/api/v1/admin/fiscal-receipts?cursor=abc', { token: 'finance' });
    expect(bad).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});
