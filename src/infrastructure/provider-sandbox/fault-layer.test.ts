import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PaymentProvider, RefundCall } from '../../modules/payment/contract.ts';
import { FAULTS, type FaultAt } from './faults.ts';
import { act, created, expectFaults, newOrder, putFaults, shop } from './shop.suite.ts';

const METHODS = ['elqr', 'elcard'] as const;
type Method = (typeof METHODS)[number];

/** One shop for all: no test sees the orders of another. */
async function open(method: Method): Promise<{ readonly provider: PaymentProvider; readonly url: string }> {
  const { sandbox, provider, elcard } = await shop();
  return { provider: method === 'elqr' ? provider : elcard, url: sandbox.url };
}

type Told = { readonly outcome: string; readonly isActedOn: boolean };
const unknown = (isActedOn: boolean): Told => ({ outcome: 'unknown', isActedOn });
const laterAgain: Told = { outcome: 'failed', isActedOn: false };
const wentWell = (outcome: string): Told => ({ outcome, isActedOn: true });

const CALLS: Readonly<Record<FaultAt<'status' | 'refund'>, (well: string) => Told>> = {
  answer_lost: () => unknown(true),
  acted_500: () => unknown(true),
  error_500: () => unknown(false),
  unavailable_503: () => unknown(false),
  too_many_429: () => laterAgain,
  error_in_200: () => unknown(false),
  slow: wentWell,
};

describe.each(METHODS)('a create call by %s', (method) => {
  // ElCard's bank documents 200 only, so another status leaves open what was done.
  const expected: Readonly<Record<FaultAt<'create'>, (well: string) => Told>> = {
    ...CALLS,
    created_201: method === 'elqr' ? wentWell : () => unknown(true),
  };

  test.each(FAULTS.create)(
    'that meets %s is told the truth or nothing, and is well when it is repeated',
    async (kind) => {
      const { provider, url } = await open(method);
      const order = newOrder();
      await expectFaults(url, order.providerKey, [{ moment: 'create', kind, times: 1 }]);
      const { outcome, isActedOn } = expected[kind]('requires_action');
      expect((await provider.create(order)).kind).toBe(outcome);
      const status = await provider.status({ providerKey: order.providerKey, externalId: null });
      expect(status.kind).toBe(isActedOn ? 'pending' : 'not_found');
      expect((await provider.create(order)).kind).toBe('requires_action');
    },
  );
});

test.each(METHODS.flatMap((method) => FAULTS.status.map((kind) => [method, kind] as const)))(
  'a status call by %s that meets %s says nothing false, and is well when it is repeated',
  async (method, kind) => {
    const { provider, url } = await open(method);
    const order = await created(provider);
    expect(await act(order.action.url, 'pay')).toBe(204);
    await expectFaults(url, order.providerKey, [{ moment: 'status', kind, times: 1 }]);
    expect((await provider.status(order)).kind).toBe(kind === 'slow' ? 'succeeded' : 'unknown');
    expect(await provider.status(order)).toMatchObject({ kind: 'succeeded', amountTyiyn: 105_050n });
  },
);

test.each(FAULTS.refund)('a refund that meets %s is paid once, whatever was told', async (kind) => {
  const { provider, url } = await open('elcard');
  const order = await created(provider);
  await act(order.action.url, 'pay');
  await expectFaults(url, order.providerKey, [{ moment: 'refund', kind, times: 1 }]);
  const refund: RefundCall = { ...order, refundKey: randomUUID(), amountTyiyn: 100n };
  const { outcome, isActedOn } = CALLS[kind]('succeeded');
  expect((await provider.refund(refund)).kind).toBe(outcome);
  expect((await provider.refundStatus(refund)).kind).toBe(isActedOn ? 'succeeded' : 'not_found');
  expect((await provider.refund(refund)).kind).toBe('succeeded');
  expect(await totalsOf(url, order.providerKey)).toMatchObject({ chargedTyiyn: '105050', refundedTyiyn: '100' });
});

test('faults come in a row, and for the next order when no key is known yet', async () => {
  const { provider, url } = await open('elqr');
  const next = [{ moment: 'create', kind: 'too_many_429', times: 3 }];
  expect(await putFaults(url, '/faults', { next })).toBe(204);
  const [first, second] = [newOrder(), newOrder()];
  const kinds = [];
  for (let times = 0; times < 4; times += 1) kinds.push((await provider.create(first)).kind);
  expect(kinds).toEqual(['failed', 'failed', 'failed', 'requires_action']);
  expect((await provider.create(second)).kind).toBe('requires_action');
});

test('a plan is switched on and off, and what is no fault is refused', async () => {
  const { provider, url } = await open('elqr');
  const plan = { seed: 7, rate: 1 };
  expect(await putFaults(url, '/faults', { plan })).toBe(204);
  expect(await (await fetch(`${url}/faults`)).json()).toEqual({ plan });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => provider.create(newOrder())));
  expect(outcomes.filter(({ kind }) => kind !== 'requires_action').length).toBeGreaterThan(5);
  expect(await putFaults(url, '/faults', { plan: null })).toBe(204);
  expect((await provider.create(newOrder())).kind).toBe('requires_action');
  const wrong = [
    { plan: { seed: 1, rate: 2 } },
    { next: [{ moment: 'create', kind: 'lost', times: 1 }] },
    { other: 1 },
  ];
  expect(await Promise.all(wrong.map((body) => putFaults(url, '/faults', body)))).toEqual([400, 400, 400]);
  expect(await putFaults(url, '/faults/key', {})).toBe(400);
});

describe.each(METHODS)('the payer by %s', (method) => {
  test('pays another amount: status tells what came', async () => {
    const { provider, url } = await open(method);
    const order = await created(provider);
    await expectFaults(url, order.providerKey, [{ moment: 'payment', kind: 'other_amount', times: 1 }]);
    expect(await act(order.action.url, 'pay')).toBe(204);
    expect(await provider.status(order)).toMatchObject({ kind: 'succeeded', amountTyiyn: 52_525n });
    expect(await totalsOf(url, order.providerKey)).toMatchObject({ amountTyiyn: '105050', chargedTyiyn: '52525' });
  });

  test.each(['expire', 'decline'])('pays although it was over by %s', async (what) => {
    const { provider, url } = await open(method);
    const order = await created(provider);
    await expectFaults(url, order.providerKey, [{ moment: 'payment', kind: 'after_end', times: 1 }]);
    expect([await act(order.action.url, what), await act(order.action.url, 'pay')]).toEqual([204, 204]);
    expect(await provider.status(order)).toMatchObject({ kind: 'succeeded', amountTyiyn: 105_050n });
  });
});

async function totalsOf(url: string, paymentId: string): Promise<object | undefined> {
  const { orders } = (await (await fetch(`${url}/orders`)).json()) as { orders: readonly { paymentId: string }[] };
  return orders.find((order) => order.paymentId === paymentId);
}
