import { randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { amountOfElqrLink, sandboxElqrLink } from '../../main/elqr-links.ts';
import { ensureKeyPair } from '../payment-providers/key-pair.ts';
import { act, clock, created, folder, newOrder, shop, silent } from './shop.suite.ts';
import { startProviderSandbox } from './start-sandbox.ts';

describe('an order', () => {
  test('gives a true ELQR link with the amount in tyiyn; the same key gives the same link', async () => {
    const { provider } = await shop();
    const order = newOrder();
    const first = await created(provider, order);
    expect(first.action.type).toBe('qr');
    expect(amountOfElqrLink(first.action.payload)).toBe(105_050n);
    expect(first.action.payload.startsWith(`${first.action.url}#000201010212`)).toBe(true);
    expect(await created(provider, order)).toEqual(first);
    expect(await provider.status(first)).toEqual({ kind: 'pending' });
  });

  test('the same key for another amount is refused, so the outcome of that call is unknown', async () => {
    const { provider } = await shop();
    const order = newOrder();
    await created(provider, order);
    expect(await provider.create({ ...order, amountTyiyn: 1n })).toEqual({ kind: 'unknown' });
    const status = await provider.status({ providerKey: order.providerKey, externalId: null });
    expect(status).toEqual({ kind: 'pending' });
  });

  test('a request signed by another key or long ago is refused, and status of an unknown order is not_found', async () => {
    const stranger = await ensureKeyPair(join(await folder(), 'stranger.pem'));
    const strange = await shop([], { signingKeyPem: stranger.privateKeyPem });
    expect(await strange.provider.create(newOrder())).toEqual({
      kind: 'failed',
      reason: 'provider_refused_403',
      retryable: false,
    });
    const late = await shop([], { clock: { now: () => Date.now() - 301_000 } });
    expect(await late.provider.create(newOrder())).toMatchObject({ reason: 'provider_refused_403' });
    const { provider } = await shop();
    expect(await provider.status({ providerKey: randomUUID(), externalId: null })).toEqual({ kind: 'not_found' });
  });
});

describe('the payer', () => {
  test('pays once: 204 again, 409 for anything else, a verified webhook and the same from status', async () => {
    const { provider, received, notices } = await shop();
    const order = await created(provider);
    expect(await act(order.action.url, 'pay')).toBe(204);
    expect(await act(order.action.url, 'pay')).toBe(204);
    expect([await act(order.action.url, 'decline'), await act(order.action.url, 'expire')]).toEqual([409, 409]);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    const [notice] = notices(provider);
    const status = await provider.status(order);
    expect(status).toMatchObject({ kind: 'succeeded', amountTyiyn: 105_050n, currency: 'KGS' });
    expect(notice).toMatchObject({ providerKey: order.providerKey, outcome: status });
  });

  test('declines, and the webhook says so; an expired order sends none', async () => {
    const { provider, received, notices } = await shop();
    const [declined, expired] = [await created(provider), await created(provider)];
    expect(await act(declined.action.url, 'decline')).toBe(204);
    expect(await act(expired.action.url, 'expire')).toBe(204);
    expect(await act(expired.action.url, 'pay')).toBe(409);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    expect(notices(provider)[0]).toMatchObject({ providerKey: declined.providerKey, outcome: { kind: 'failed' } });
    expect([await provider.status(declined), await provider.status(expired)]).toEqual([
      { kind: 'failed' },
      { kind: 'expired' },
    ]);
  });

  test('cannot pay after the expiry', async () => {
    const { provider } = await shop();
    const order = await created(provider, { ...newOrder(), expiresAtMs: clock.now() - 1 });
    expect(await act(order.action.url, 'pay')).toBe(409);
    expect(await provider.status(order)).toEqual({ kind: 'expired' });
  });

  test('of many who press at once, one outcome wins and one webhook goes out', async () => {
    const { provider, received } = await shop();
    const order = await created(provider);
    const acts = ['pay', 'decline', 'pay', 'expire', 'decline', 'pay'];
    const answers = await Promise.all(acts.map((what) => act(order.action.url, what)));
    const winners = new Set(acts.filter((_what, index) => answers[index] === 204));
    expect(winners.size).toBe(1);
    await vi.waitFor(() => expect(received).toHaveLength(winners.has('expire') ? 0 : 1));
  });

  test('sees a page that says sandbox, without script, with everything escaped, and goes back after paying', async () => {
    const { provider } = await shop();
    const order = await created(provider);
    const page = await fetch(order.action.url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('Песочница: настоящих денег здесь нет');
    expect(html).toMatch(/1\s050,50\sсом/u);
    expect(html).toContain('Билет &lt;b&gt;&amp; Co&lt;/b&gt;');
    expect(html).not.toMatch(/<script|<b>/);
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
    const paid = await fetch(`${order.action.url}/pay`, { method: 'POST', headers, redirect: 'manual' });
    expect([paid.status, paid.headers.get('location')]).toEqual([303, new URL(order.action.url).pathname]);
    const after = await (await fetch(order.action.url, { headers: { 'accept-language': 'de,en;q=0.5' } })).text();
    expect(after).toContain('<p class="told paid">Paid</p>');
    expect(after).toContain('href="http://127.0.0.1/return?a=1&amp;b=&quot;2&quot;"');
  });

  test('of an unknown order gets 404', async () => {
    const { sandbox } = await shop();
    expect(await act(`${sandbox.url}/payer/${randomUUID()}`, 'pay')).toBe(404);
    expect((await fetch(`${sandbox.url}/payer/x`)).status).toBe(404);
  });
});

describe('the webhook', () => {
  test('is repeated with the same event id until it is acknowledged', async () => {
    const { provider, received, notices } = await shop([500, 302, 404]);
    const order = await created(provider);
    await act(order.action.url, 'pay');
    await vi.waitFor(() => expect(received).toHaveLength(4), 10_000);
    expect(new Set(notices(provider).map((notice) => notice.eventId)).size).toBe(1);
  });

  test('survives a restart: paid stays paid, the unacknowledged is sent again, the acknowledged is not', async () => {
    const first = await shop([204, 500]);
    const [told, untold] = [await created(first.provider), await created(first.provider)];
    await act(told.action.url, 'pay');
    await vi.waitFor(() => expect(first.received).toHaveLength(1));
    await act(untold.action.url, 'pay');
    await vi.waitFor(() => expect(first.received).toHaveLength(2));
    await first.sandbox.stop();
    await appendFile(join(first.dataDir, 'journal.jsonl'), '{"type":"settled","ord');
    const { provider } = await first.start();
    await vi.waitFor(() => expect(first.received).toHaveLength(3));
    const [, before, after] = first.notices(provider);
    expect(after).toEqual(before);
    expect(after?.providerKey).toBe(untold.providerKey);
    expect(await provider.status(told)).toMatchObject({ kind: 'succeeded' });
    await vi.waitFor(async () =>
      expect((await readFile(join(first.dataDir, 'journal.jsonl'), 'utf8')).match(/"delivered"/g)).toHaveLength(2),
    );
  });
});

test('production mode refuses the sandbox', async () => {
  const options = {
    port: 0,
    dataDir: await folder(),
    merchantPublicKeyPem: '',
    clock,
    log: silent,
    linkOf: sandboxElqrLink,
  };
  await expect(startProviderSandbox({ ...options, mode: 'production' })).rejects.toThrow('production');
});
