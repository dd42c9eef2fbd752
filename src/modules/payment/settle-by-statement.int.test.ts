import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createSettleByStatement } from './application/settle-by-statement.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { createBookProvider } from './book-provider.suite.ts';
import { payment } from './domain/payment.ts';
import { paymentManifest } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const meta = { actor: 'user:finance', correlationId: 'test' };
const CANNOT_BE_ASKED = { statusQuery: false, refund: 'none', cancelUnpaid: false, signedWebhook: false } as const;

describeWithDatabase('money that only a statement tells of', () => {
  let opened: ModuleDatabase;
  let nodes: readonly TestNode[] = [];
  beforeAll(async () => {
    opened = await openModuleDatabase(paymentManifest, clock);
    nodes = [await opened.startNode(), await opened.startNode()];
  });
  afterAll(() => opened.close());
  const node = (index = 0): TestNode => {
    const found = nodes[index];
    if (found === undefined) throw new Error('no node');
    return found;
  };

  /** A payment that is left to the statement. */
  async function inDoubt(): Promise<string> {
    const paymentId = ids.next();
    const nowMs = clock.now();
    const sale = {
      ticketId: ids.next(),
      userId: ids.next(),
      parkId: 'dordoi',
      amountTyiyn: 35_000n,
      method: 'elqr',
    } as const;
    const order = { providerKey: ids.next(), returnUrl: 'https://park.example/', nowMs, expiresAtMs: nowMs } as const;
    const { runner } = node();
    await runner.run(payment, paymentId, { type: 'intend', paymentId, ...sale, ...order }, meta);
    await runner.run(payment, paymentId, { type: 'leave_to_statement', nowMs }, meta);
    return paymentId;
  }

  const tell = (paymentId: string, reference: string, by = 0) => {
    const parts = { runner: node(by).runner, clock };
    const { provider } = createBookProvider('elqr', CANNOT_BE_ASKED, clock);
    const settle = createSettleByStatement({
      ...parts,
      providers: new Map([['elqr', provider]]),
      recordOutcome: createRecordOutcome(parts),
    });
    return settle({ paymentId, says: { amountTyiyn: 35_000n, reference } }, meta);
  };
  const successesOf = async (...paymentIds: readonly string[]) => {
    const streams = await Promise.all(paymentIds.map((id) => node().store.load(id)));
    return streams.flatMap(({ events }) => events.filter(({ type }) => type === 'PaymentSucceeded'));
  };

  test('is one payment’s money: told of another one too it is refused, and told again it is the same', async () => {
    const [one, other] = [await inDoubt(), await inDoubt()];
    expect(await tell(one, 'elqr-1')).toMatchObject({ ok: true });
    expect(await tell(one, 'elqr-1')).toMatchObject({ ok: true });
    expect(await tell(other, 'elqr-1')).toMatchObject({ ok: false, refusal: { code: 'money_of_another_payment' } });
    expect(await successesOf(one, other)).toHaveLength(1);
    expect(await tell(other, 'elqr-2')).toMatchObject({ ok: true });
  });

  test('is one payment’s money also when two people tell it of two at once', async () => {
    const [one, other] = [await inDoubt(), await inDoubt()];
    const told = await Promise.all([tell(one, 'elqr-3'), tell(other, 'elqr-3', 1)]);
    expect(told.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await successesOf(one, other)).toHaveLength(1);
  });
});
