import { createLogRegister } from '../../infrastructure/fiscal-register/log-register.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { SANDBOX_FISCAL } from '../../infrastructure/provider-sandbox/fiscal-routes.ts';
import { startTestRegister } from '../../infrastructure/provider-sandbox/register.suite.ts';
import { openModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import type { Registers } from './application/ports.ts';
import type { FiscalRegister } from './contract.ts';
import { createFiscalModule, fiscalManifest } from './module.ts';

const ROWS = statement(
  'test.receipts',
  `select kind, outcome, total_tyiyn::integer as total, attempts, error, next_try_at from fiscal.receipt
   where payment_id = $1 order by entry`,
);

export type ReceiptRow = {
  readonly kind: string;
  readonly outcome: string | null;
  readonly total: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly next_try_at: number | null;
};

/** The module on a database of its own, with the sandbox's register on the other side of real HTTP. */
export async function openFiscal() {
  const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
  const opened = await openModuleDatabase(fiscalManifest, clock);
  const node = await opened.startNode();
  const sandbox = await startTestRegister(clock);
  const { fnNumber } = SANDBOX_FISCAL;
  const cash = new Set<string>();
  const owners = new Map<string, string>();

  const connect = (): FiscalRegister => sandbox.connect({ breaker: { failures: 1000, openMs: 1 } });
  const rate = { code: 1, percent: 0 };
  const terms = {
    taxSystem: 0,
    itemCode: 1,
    goodsName: 'Билет',
    salesTaxInCash: rate,
    salesTaxCashless: rate,
    vat: { code: 2, percent: 12 },
  };
  const registersOf = (register: FiscalRegister | null, vatCode: number): Registers => ({
    numberFor: () => (register === null ? 'none' : fnNumber),
    of: (number) => (number === 'none' || register === null ? createLogRegister(() => undefined) : register),
    terms: register === null ? null : { ...terms, vat: { ...terms.vat, code: vatCode } },
    receiptBase: 'https://tax.example/ticket',
    isTest: true,
  });

  function moduleOf(register: FiscalRegister | null, { database, runner }: TestNode = node, vatCode = 2) {
    return createFiscalModule({
      database,
      runner,
      ids,
      clock,
      zone: createZone(),
      chance: () => 0,
      registers: registersOf(register, vatCode),
      paymentOf: async (paymentId) => ({ parkId: 'ala-archa', isCash: cash.has(paymentId) }),
      soldLines: async () => [{ name: 'Ребёнок от 3 лет', quantity: 3, amountTyiyn: 105_000n }],
      ticketOwner: async (ticketId) => ({ userId: owners.get(ticketId) ?? null, parkId: 'ala-archa' }),
      qrImages: { svg: (text) => `<svg>${text}</svg>`, png: (text) => Buffer.from(text) },
    });
  }

  /** A payment of its own, told to a module as the flow tells it. */
  async function payment(fiscal = moduleOf(connect())) {
    const [paymentId, ticketId] = [ids.next(), ids.next()];
    const tell = async (type: string, data: object) => {
      const event = { id: ids.next(), type, schemaVersion: 1, data: { paymentId, ticketId, ...data } };
      const stream = { streamId: paymentId, aggregateType: 'Payment', expected: 'any', events: [event] } as const;
      const context = { actor: 'system', correlationId: 'c', occurredAtMs: clock.now() };
      const stored = await node.store.append({ streams: [stream], context });
      return stored.outcome === 'stored' ? stored.lastPosition : 0;
    };
    const about = { paymentId, ticketId };
    return {
      ...about,
      async pay(amountTyiyn = 100_000n, more: { position?: number } = {}) {
        const position = await tell('PaymentSucceeded', { amountTyiyn: String(amountTyiyn) });
        await fiscal.wantReceipts.sale({ ...about, amountTyiyn, position, ...more });
      },
      async giveBack(amountTyiyn: bigint, { isMisfit = false, refundId = ids.next(), by = fiscal } = {}) {
        const position = await tell('RefundSucceeded', { refundId, amountTyiyn: String(amountTyiyn) });
        await by.wantReceipts.refund({ ...about, refundId, amountTyiyn, isMisfit, position });
        return refundId;
      },
      rows: () => node.database.rows<ReceiptRow>(ROWS, [paymentId]),
      /** What the register has issued of it. */
      async issued() {
        const known = new Set((await fiscal.receiptsOfPayments([paymentId])).map(({ receiptId }) => receiptId));
        return (await sandbox.issued()).filter(({ uuid }) => known.has(uuid));
      },
    };
  }

  return {
    clock,
    opened,
    node,
    sandbox,
    cash,
    owners,
    connect,
    moduleOf,
    payment,
    async close() {
      await sandbox.close();
      await opened.close();
    },
  };
}

export type Fiscal = Awaited<ReturnType<typeof openFiscal>>;
