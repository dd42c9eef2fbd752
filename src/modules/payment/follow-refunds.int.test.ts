import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { context, event as newEvent, part as partOf } from '../../infrastructure/event-store/appends.suite.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { CommandRunner } from '../../kernel/command-runner.ts';
import { createAdvanceRefund } from './application/advance-refund.ts';
import { createFollowRefunds } from './application/follow-refunds.ts';
import { createAskForRefund } from './application/request-refund.ts';
import type { PaymentProvider } from './contract.ts';
import { payment } from './domain/payment.ts';
import { paymentManifest } from './module.ts';
import { createRefunds } from './persistence/refunds.ts';
import { createFakeRefunder, type FakeRefunder, type Way } from './refund-provider.suite.ts';

const AMOUNT_TYIYN = 35_000n;
const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const meta = { actor: 'user:test', correlationId: 'test' };

describeWithDatabase('the way of a refund through a provider', () => {
  let opened: ModuleDatabase;
  let [here, there]: TestNode[] = [];
  let refunder: FakeRefunder;
  let errors: unknown[] = [];
  beforeAll(async () => {
    opened = await openModuleDatabase(paymentManifest, clock);
    here = await opened.startNode();
    there = await opened.startNode();
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    refunder = createFakeRefunder();
    errors = [];
  });
  const nodeHere = (): TestNode => {
    if (here === undefined) throw new Error('no node');
    return here;
  };

  /** What a process does with refunds, over a runner and a provider that may break. */
  function processOn(
    { database, vault, runner }: TestNode,
    { over = runner, provider = refunder.provider }: { over?: CommandRunner; provider?: PaymentProvider } = {},
  ) {
    const parts = { runner: over, providers: new Map([['elcard' as const, provider]]), ids, clock };
    const advanceRefund = createAdvanceRefund(parts);
    const onError = (error: unknown): void => void errors.push(error);
    const follow = createFollowRefunds({ ...parts, refunds: createRefunds(database, vault), advanceRefund, onError });
    return { follow, ask: createAskForRefund({ ...parts, advanceRefund }) };
  }

  async function paid(): Promise<string> {
    const paymentId = ids.next();
    const nowMs = clock.now();
    const intent = { ticketId: ids.next(), userId: ids.next(), parkId: 'dordoi', amountTyiyn: AMOUNT_TYIYN } as const;
    const order = { method: 'elcard', providerKey: ids.next(), returnUrl: 'https://park.example/' } as const;
    const money = { amountTyiyn: AMOUNT_TYIYN, currency: 'KGS', providerReference: 'bank', source: 'status' } as const;
    const { runner } = nodeHere();
    await runner.run(
      payment,
      paymentId,
      { type: 'intend', paymentId, ...intent, ...order, nowMs, expiresAtMs: nowMs },
      meta,
    );
    await runner.run(payment, paymentId, { type: 'confirm', ...money, nowMs }, meta);
    return paymentId;
  }

  async function requested(amountTyiyn: bigint | null = null) {
    const [paymentId, refundId] = [await paid(), ids.next()];
    const asked = await processOn(nodeHere()).ask({ paymentId, refundId, amountTyiyn, reason: 'test' }, meta);
    expect(asked.ok).toBe(true);
    return { paymentId, refundId };
  }
  const statusOf = async (refundId: string) => {
    const { database, vault } = nodeHere();
    return (await createRefunds(database, vault).find(refundId))?.status;
  };
  const eventsOf = async (paymentId: string, type: string) =>
    (await nodeHere().store.load(paymentId)).events.filter((event) => event.type === type);

  /** Lets the job of a process that nothing befalls do its rounds for some minutes. */
  async function recover(): Promise<void> {
    const { follow } = processOn(nodeHere());
    for (let round = 0; round < 15; round += 1) {
      await follow(100);
      clock.advance(10_000);
    }
  }

  test.each(['RefundSucceeded', 'RefundFailed', 'RefundSubmitted'])(
    'nothing that is told of it on another payment counts: %s',
    async (type) => {
      const [{ refundId }, other] = [await requested(10_000n), await requested(5_000n)];
      const data = {
        paymentId: other.paymentId,
        refundId,
        reason: 'a lie',
        providerReference: 'a lie',
        submittedAtMs: 1,
      };
      await nodeHere().store.append({
        streams: [{ ...partOf(other.paymentId, 'any', [newEvent(type, data)]), aggregateType: 'Payment' }],
        context: { ...context, parkId: 'dordoi' },
      });
      expect([await statusOf(refundId), await statusOf(other.refundId)]).toEqual(['requested', 'requested']);
      await processOn(nodeHere()).follow(100);
      expect(new Set(refunder.book.values())).toEqual(new Set([10_000n, 5_000n]));
    },
  );

  test('it is submitted by the job and succeeds', async () => {
    const { paymentId, refundId } = await requested(10_000n);
    expect(await statusOf(refundId)).toBe('requested');
    expect([...refunder.book]).toEqual([]);
    await processOn(nodeHere()).follow(100);
    expect(await statusOf(refundId)).toBe('succeeded');
    expect([...refunder.book.values()]).toEqual([10_000n]);
    expect(await eventsOf(paymentId, 'RefundSucceeded')).toHaveLength(1);
    expect(await processOn(nodeHere()).follow(100)).toBe(0);
  });

  test.each<[readonly Way[], string]>([
    [['answer lost'], 'succeeded'],
    [['call lost'], 'succeeded'],
    [['call lost', 'call lost', 'answer lost'], 'succeeded'],
    [['refused'], 'manual'],
    [['call lost', 'refused'], 'manual'],
    [['call lost', 'late'], 'succeeded'],
  ])('when calls meet %j it ends %s, paid out at most once', async (ways, status) => {
    const { paymentId, refundId } = await requested();
    refunder.ways.push(...ways);
    await processOn(nodeHere()).follow(100);
    if (ways[0] !== 'refused') expect(await statusOf(refundId)).toBe('unknown');
    await recover();
    await recover();
    expect(await statusOf(refundId)).toBe(status);
    expect(refunder.book.size).toBe(status === 'succeeded' ? 1 : 0);
    expect(await eventsOf(paymentId, 'RefundSucceeded')).toHaveLength(refunder.book.size);
  });

  test('while the provider answers no question nothing is decided and nothing is asked for again', async () => {
    const { refundId } = await requested();
    refunder.ways.push('answer lost');
    refunder.answers = false;
    await processOn(nodeHere()).follow(100);
    await recover();
    expect(await statusOf(refundId)).toBe('unknown');
    refunder.answers = true;
    clock.advance(300_000);
    await recover();
    expect(await statusOf(refundId)).toBe('succeeded');
    expect(refunder.book.size).toBe(1);
  });

  test('a part is a task for a person where the provider gives back whole payments only', async () => {
    refunder = createFakeRefunder('full');
    const [part, whole] = [await requested(10_000n), await requested(AMOUNT_TYIYN)];
    await processOn(nodeHere()).follow(100);
    expect([await statusOf(part.refundId), await statusOf(whole.refundId)]).toEqual(['manual', 'succeeded']);
  });

  test('two processes that follow it at once pay it out once', async () => {
    if (there === undefined) throw new Error('no node');
    const refunds = await Promise.all(Array.from({ length: 10 }, () => requested()));
    const jobs = [processOn(nodeHere()), processOn(there)];
    await Promise.all(jobs.map(({ follow }) => follow(100)));
    await recover();
    expect(refunder.book.size).toBe(refunds.length);
    for (const { paymentId } of refunds) {
      expect(await eventsOf(paymentId, 'RefundSucceeded')).toHaveLength(1);
    }
  });

  test('parts asked for at once in two processes never exceed the payment', async () => {
    if (there === undefined) throw new Error('no node');
    for (let round = 0; round < 5; round += 1) {
      const paymentId = await paid();
      const sums = [20_000n, 15_000n, 10_000n, 9_000n, 8_000n, 7_000n, null, null];
      const processes = [processOn(nodeHere()), processOn(there)];
      await Promise.all(
        sums.flatMap((amountTyiyn) =>
          processes.map(({ ask }) => ask({ paymentId, refundId: ids.next(), amountTyiyn, reason: 'race' }, meta)),
        ),
      );
      const { state } = await nodeHere().runner.stateOf(payment, paymentId);
      const askedTyiyn = state.refunds.reduce((sum, refund) => sum + refund.amountTyiyn, 0n);
      expect(askedTyiyn > 0n && askedTyiyn <= AMOUNT_TYIYN).toBe(true);
    }
    await recover();
  });

  describe('when the process dies', () => {
    class Killed extends Error {}

    /** Throws at the n-th boundary that is crossed: before and after every command and every call. */
    function dyingAt(boundary: number) {
      let crossed = 0;
      const cross = (): void => {
        if (crossed >= boundary) throw new Killed();
        crossed += 1;
      };
      const mortal =
        <Values extends readonly unknown[], Answer>(work: (...values: Values) => Promise<Answer>) =>
        async (...values: Values): Promise<Answer> => {
          cross();
          const answer = await work(...values);
          cross();
          return answer;
        };
      const { runner } = nodeHere();
      const run = mortal((...values: Parameters<CommandRunner['run']>) => runner.run(...values));
      const { provider } = refunder;
      return {
        over: {
          ...runner,
          stateOf: runner.stateOf.bind(runner),
          runAll: runner.runAll.bind(runner),
          run,
        } as CommandRunner,
        provider: { ...provider, refund: mortal(provider.refund), refundStatus: mortal(provider.refundStatus) },
        crossed: () => crossed,
      };
    }

    test.each<readonly Way[]>([[], ['answer lost'], ['call lost']])(
      'at any line, it is paid out once (%s)',
      async (...ways) => {
        for (let boundary = 0; ; boundary += 1) {
          refunder = createFakeRefunder();
          refunder.ways.push(...ways);
          errors = [];
          const { paymentId, refundId } = await requested(12_300n);
          const dying = dyingAt(boundary);
          const { follow } = processOn(nodeHere(), dying);
          for (let round = 0; round < 10 && errors.length === 0; round += 1) {
            await follow(100);
            clock.advance(10_000);
          }
          const survived = errors.length === 0;
          if (!survived) expect(errors).toEqual([expect.any(Killed)]);
          await recover();
          expect([boundary, await statusOf(refundId)]).toEqual([boundary, 'succeeded']);
          expect([...refunder.book.values()]).toEqual([12_300n]);
          expect(await eventsOf(paymentId, 'RefundSucceeded')).toHaveLength(1);
          if (survived) {
            expect(boundary).toBeGreaterThanOrEqual(6);
            return;
          }
        }
      },
    );
  });
});
