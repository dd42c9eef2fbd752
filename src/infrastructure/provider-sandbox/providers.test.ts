import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { amountOfElqrLink, sandboxElqrLink } from '../../main/elqr-links.ts';
import type { PaymentProvider, WebhookRequest } from '../../modules/payment/contract.ts';
import { describeProviderContract, type ProviderBench } from '../../modules/payment/provider-contract.suite.ts';
import { createManualClock, type ManualClock } from '../clock.ts';
import type { HttpFetch } from '../outgoing-http/http-fetch.ts';
import { createBakaiElqrProvider, type OrderForm } from '../payment-providers/bakai/elqr-provider.ts';
import { createKeptBearer } from '../payment-providers/bakai/kept-bearer.ts';
import { keyOfOperation } from '../payment-providers/bakai/operation.ts';
import { createElcardProvider } from '../payment-providers/elcard/elcard-provider.ts';
import type { AuthMode } from '../payment-providers/elcard/exchange.ts';
import { createFinikElqrProvider } from '../payment-providers/finik/elqr-provider.ts';
import { ensureKeyPair } from '../payment-providers/key-pair.ts';
import { SANDBOX_BAKAI, SANDBOX_BAKAI_PATH } from './bakai-routes.ts';
import { SANDBOX_ELCARD_CLIENT, SANDBOX_ELCARD_PATH, sandboxKeyFile, startProviderSandbox } from './start-sandbox.ts';

/** Making keys is slow, and who has which key matters in no test here. */
const keyFile = join(await mkdtemp(join(tmpdir(), 'skypark-providers-')), 'key.pem');
const merchant = await ensureKeyPair(keyFile);
afterAll(() => rm(dirname(keyFile), { recursive: true }));

type Message = Pick<WebhookRequest, 'rawBody' | 'headers' | 'secret' | 'clientAddress'>;

/** Takes the sandbox's messages as the product's webhook route hands them on. */
async function openDoor() {
  const messages: Message[] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const secret = request.url?.split('/')[2];
      messages.push({ rawBody: Buffer.concat(chunks), headers: request.headers, secret, clientAddress: '127.0.0.1' });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/elqr`, messages };
}

type World = {
  readonly sandboxUrl: string;
  readonly dataDir: string;
  readonly doorUrl: string;
  readonly webhookPublicKeyPem: string;
  readonly clock: ManualClock;
  readonly http: HttpFetch;
};

async function open(providerIn: (world: World) => PaymentProvider): Promise<ProviderBench & { readonly world: World }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skypark-providers-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  await copyFile(keyFile, sandboxKeyFile(dataDir));
  const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
  const door = await openDoor();
  const sandbox = await startProviderSandbox({
    port: 0,
    dataDir,
    merchantPublicKeyPem: merchant.publicKeyPem,
    mode: 'demo',
    linkOf: sandboxElqrLink,
    bakaiWebhookUrl: `${door.url}/${SANDBOX_BAKAI.webhookSecret}`,
    clock,
    log: { info: () => undefined, warn: () => undefined },
  });
  onTestFinished(() => sandbox.stop());
  const refused = new TypeError('fetch failed', {
    cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
  });
  const http: HttpFetch = (url, init) => (bench.isAway ? Promise.reject(refused) : fetch(url, init));
  const place = { sandboxUrl: sandbox.url, doorUrl: door.url, webhookPublicKeyPem: sandbox.publicKeyPem };
  const world = { ...place, dataDir, clock, http };
  const provider = providerIn(world);
  const bench = {
    world,
    clock,
    provider,
    isAway: false,
    async act(url: string, what: string) {
      const { status } = await fetch(`${url}/${what}`, { method: 'POST' });
      if (status !== 204) throw new Error(String(status));
    },
    async message(providerKey: string) {
      if (provider.name !== 'elqr') return null;
      const find = () =>
        door.messages.findLast(({ rawBody }) => {
          const text = Buffer.from(rawBody).toString();
          return text.includes(providerKey) || text.includes(providerKey.replaceAll('-', ''));
        });
      await vi.waitFor(() => expect(find()).toBeDefined(), { timeout: 10_000, interval: 5 });
      return find() ?? null;
    },
  };
  return bench;
}

const oneTry = { repeats: { most: 0, firstPauseMs: 0 } };

const finik = ({ sandboxUrl, doorUrl, webhookPublicKeyPem, clock, http }: World) =>
  createFinikElqrProvider({
    ...oneTry,
    apiKey: 'key',
    baseUrl: sandboxUrl,
    accountId: 'account',
    signingKeyPem: merchant.privateKeyPem,
    webhookPublicKeyPems: [webhookPublicKeyPem],
    webhookUrl: doorUrl,
    clockSkewMs: 300_000,
    amountOfLink: amountOfElqrLink,
    clock,
    http,
  });

const bakai =
  (orderForm: OrderForm, senders: readonly string[] = []) =>
  ({ sandboxUrl, dataDir, clock, http }: World) => {
    const baseUrl = `${sandboxUrl}${SANDBOX_BAKAI_PATH}`;
    const { login, password, accountNo, webhookSecret: secret } = SANDBOX_BAKAI;
    const bearer = createKeptBearer({ file: join(dataDir, 'bearer'), baseUrl, login, password, http });
    return createBakaiElqrProvider({
      ...oneTry,
      baseUrl,
      bearer,
      accountNo,
      secret,
      senders,
      orderForm,
      amountOfLink: amountOfElqrLink,
      clock,
      http,
    });
  };

const elcard =
  (authMode: AuthMode) =>
  ({ sandboxUrl, clock, http }: World) =>
    createElcardProvider({
      ...oneTry,
      ...SANDBOX_ELCARD_CLIENT,
      authMode,
      baseUrl: `${sandboxUrl}${SANDBOX_ELCARD_PATH}`,
      clock,
      http,
    });

const order = (clock: ManualClock) => ({
  paymentId: '0190a8f0-0000-7000-8000-000000000002',
  providerKey: '0190a8f0-0000-7000-8000-000000000001',
  amountTyiyn: 35_000n,
  description: 'Sky Park ticket 0190a8f0-0000-7000-8000-000000000003',
  returnUrl: 'http://127.0.0.1/return',
  expiresAtMs: clock.now() + 900_000,
});

describeProviderContract('finik-v1', () => open(finik));
describeProviderContract('bakai-v1 by a page', () => open(bakai('page')));
describeProviderContract('bakai-v1 by a code', () => open(bakai('qr')));
describeProviderContract('elcard by client credentials', () => open(elcard('client_credentials')));
describeProviderContract('elcard by login', () => open(elcard('login')));

describe.each([
  ['finik-v1', finik, '/v1/payment'],
  ['elcard', elcard('login'), '/register.do'],
] as const)('an open breaker of %s', (_name, providerIn, createPath) => {
  test('spares new orders; status, messages and refunds go on', async () => {
    let isIll = false;
    let spared = 0;
    const { provider, clock, act, message } = await open((world) =>
      providerIn({
        ...world,
        async http(url, init) {
          if (!isIll || !url.endsWith(createPath)) return world.http(url, init);
          spared += 1;
          return new Response('', { status: 503 });
        },
      }),
    );
    const made = await provider.create(order(clock));
    if (made.kind !== 'requires_action') throw new Error(made.kind);
    const { providerKey } = order(clock);
    await act(made.action.url, 'pay');
    isIll = true;
    const next = { ...order(clock), providerKey: '0190a8f0-0000-7000-8000-00000000000f' };
    for (let call = 0; call < 5; call += 1) await provider.create(next);
    expect(await provider.create(next)).toEqual({ kind: 'failed', reason: 'provider_unavailable', retryable: true });
    expect([spared, provider.takesOrders()]).toEqual([5, false]);
    expect(await provider.status({ providerKey, externalId: null })).toMatchObject({ kind: 'succeeded' });
    const told = await message(providerKey);
    if (told !== null) expect(provider.parseWebhook({ ...told, nowMs: clock.now() }).ok).toBe(true);
    const refund = {
      providerKey,
      externalId: null,
      refundKey: '0190a8f0-0000-7000-8000-0000000000aa',
      amountTyiyn: 1n,
    };
    const outcome = await provider.refund(refund);
    expect(outcome.kind).toBe(provider.capabilities.refund === 'none' ? 'failed' : 'succeeded');
  });
});

describe('bakai-v1', () => {
  test('logs in once, whoever asks, and a token that was given outlives the process', async () => {
    const { provider, world } = await open(bakai('page'));
    const others = [bakai('page')(world), bakai('page')(world)];
    expect(await provider.create(order(world.clock))).toMatchObject({ kind: 'requires_action' });
    for (const other of others)
      expect(await other.create(order(world.clock))).toMatchObject({ kind: 'requires_action' });
    await rm(join(world.dataDir, 'bearer'));
    expect(await bakai('page')(world).create(order(world.clock))).toMatchObject({ kind: 'failed', retryable: true });
  });

  test('a token that the bank forgot is for a person: nothing was made, and nobody logs in again', async () => {
    const results: string[] = [];
    const { provider, world } = await open((place) => {
      const baseUrl = `${place.sandboxUrl}${SANDBOX_BAKAI_PATH}`;
      const { accountNo, webhookSecret: secret } = SANDBOX_BAKAI;
      const bearer = { current: async () => 'forgotten' };
      const onCall = (operation: string, result: string) => void results.push(`${operation} ${result}`);
      const rest = { accountNo, secret, senders: [], orderForm: 'page', amountOfLink: amountOfElqrLink } as const;
      return createBakaiElqrProvider({ ...place, ...rest, baseUrl, bearer, onCall });
    });
    const outcome = { kind: 'failed', reason: 'provider_unreachable', retryable: true };
    expect(await provider.create(order(world.clock))).toEqual(outcome);
    expect(results).toEqual(['create no_access']);
  });

  test('a code carries the very sum in tyiyn', async () => {
    const { provider, clock } = await open(bakai('qr'));
    const outcome = await provider.create(order(clock));
    expect(outcome).toMatchObject({ kind: 'requires_action', action: { type: 'qr' } });
    expect(outcome.kind === 'requires_action' && amountOfElqrLink(outcome.action.payload)).toBe(35_000n);
  });

  test('a message is believed for its secret, from where the bank is, about our account', async () => {
    const { provider, clock, act, message } = await open(bakai('page', ['127.0.0.0/8', '::1']));
    const outcome = await provider.create(order(clock));
    if (outcome.kind !== 'requires_action') throw new Error(outcome.kind);
    await act(outcome.action.url, 'pay');
    const told = await message(order(clock).providerKey);
    if (told === null) throw new Error('no message');
    const text = Buffer.from(told.rawBody).toString();
    const verdict = (changed: Partial<WebhookRequest>) => {
      const parsed = provider.parseWebhook({ ...told, ...changed, nowMs: clock.now() });
      return parsed.ok ? parsed.value.outcome.kind : parsed.refusal.code;
    };
    const says = (from: string, to: string) => ({ rawBody: Buffer.from(text.replace(from, to)) });
    const header = { secret: undefined, headers: { 'x-webhook-secret': SANDBOX_BAKAI.webhookSecret } };
    expect(verdict({})).toBe('succeeded');
    expect(verdict(header)).toBe('succeeded');
    expect(verdict({ secret: `${SANDBOX_BAKAI.webhookSecret}x` })).toBe('bad_secret');
    expect(verdict({ secret: undefined })).toBe('bad_secret');
    expect(verdict({ clientAddress: '10.0.0.1' })).toBe('unknown_sender');
    expect(verdict({ clientAddress: '::1' })).toBe('succeeded');
    expect(verdict(says(SANDBOX_BAKAI.accountNo, '1'))).toBe('wrong_account');
    expect(verdict(says('"amount":350', '"amount":350.001'))).toBe('malformed');
    expect(verdict(says('"amount":350', '"amount":"350"'))).toBe('malformed');
    expect(verdict(says('"success"', '"Processed"'))).toBe('unsettled');
    expect(verdict({ rawBody: Buffer.from([0xff]) })).toBe('malformed');
  });

  test('our keys survive the way to the bank and back', () => {
    expect(keyOfOperation('0190A8F0000070008000000000000001')).toBe('0190a8f0-0000-7000-8000-000000000001');
    expect(keyOfOperation('0190a8f0')).toBeNull();
  });
});
