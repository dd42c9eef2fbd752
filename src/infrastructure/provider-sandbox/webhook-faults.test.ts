import { expect, test, vi } from 'vitest';
import type { FaultAt } from './faults.ts';
import { act, clock, created, expectFaults, shop } from './shop.suite.ts';

const [PAID, DECLINED, FORGED, STALE] = ['succeeded', 'failed', 'bad_signature', 'stale_timestamp'];
const TOLD: Readonly<Record<FaultAt<'webhook'>, readonly string[]>> = {
  lost: [],
  late: [PAID],
  duplicate: [PAID, PAID],
  out_of_order: [PAID, DECLINED],
  declined_first: [DECLINED, PAID],
  wrong_signature: [FORGED, PAID],
  stale_timestamp: [STALE, PAID],
};

test.each(Object.entries(TOLD))('of a payment whose webhook meets %s the merchant hears %j', async (kind, told) => {
  const { provider, sandbox, received } = await shop();
  const [order, other] = [await created(provider), await created(provider)];
  await expectFaults(sandbox.url, order.providerKey, [{ moment: 'webhook', kind, times: 1 }]);
  for (const { action } of [order, other]) expect(await act(action.url, 'pay')).toBe(204);
  const heard = () =>
    received
      .map((message) => provider.parseWebhook({ ...message, nowMs: clock.now() }))
      .filter((notice) => !notice.ok || notice.value.providerKey === order.providerKey)
      .map((notice) => (notice.ok ? notice.value.outcome.kind : notice.refusal.code));
  await vi.waitFor(() => expect(received).toHaveLength(told.length + 1), { timeout: 5000, interval: 10 });
  expect(heard()).toEqual(told);
});

test('a message about what an order was before does not count as one about its payment', async () => {
  const { provider, sandbox, received, start } = await shop([500, 500]);
  const order = await created(provider);
  await expectFaults(sandbox.url, order.providerKey, [{ moment: 'payment', kind: 'after_end', times: 1 }]);
  await act(order.action.url, 'decline');
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await act(order.action.url, 'pay');
  await vi.waitFor(() => expect(received).toHaveLength(2));
  await sandbox.stop();
  await start();
  await vi.waitFor(() => expect(received.length).toBeGreaterThan(2));
  const last = received.slice(-1).map((message) => provider.parseWebhook({ ...message, nowMs: clock.now() }));
  expect(last).toMatchObject([{ ok: true, value: { outcome: { kind: 'succeeded' } } }]);
});
