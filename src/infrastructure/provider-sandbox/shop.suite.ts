import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { amountOfElqrLink, sandboxElqrLink } from '../../main/elqr-links.ts';
import type { PaymentProvider, ProviderNotice } from '../../modules/payment/contract.ts';
import { createElcardProvider } from '../payment-providers/elcard/elcard-provider.ts';
import { createFinikElqrProvider } from '../payment-providers/finik/elqr-provider.ts';
import type { FinikElqrOptions } from '../payment-providers/finik/elqr-provider.ts';
import { ensureKeyPair, type KeyPair } from '../payment-providers/key-pair.ts';
import type { Fault } from './faults.ts';
import { SANDBOX_ELCARD_CLIENT, SANDBOX_ELCARD_PATH, sandboxKeyFile, startProviderSandbox } from './start-sandbox.ts';

export const silent = { info: () => undefined, warn: () => undefined };
export const clock = { now: () => Date.now() };

async function makeKeys(): Promise<KeyPair> {
  const place = await mkdtemp(join(tmpdir(), 'skypark-sandbox-'));
  const made = await ensureKeyPair(join(place, 'key.pem'));
  await rm(place, { recursive: true });
  return made;
}

/** A call is made once, whatever became of earlier ones. */
const ONE_TRY = { breaker: { failures: 1000, openMs: 1 }, repeats: { most: 0, firstPauseMs: 1 } };

/** Of both sides: making keys is slow, and who has which matters in one test only. */
const keys = await makeKeys();

export async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'skypark-sandbox-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

/** A merchant's webhook door: keeps what comes and answers the next of `statuses`, then 204. */
async function merchantDoor(statuses: number[] = []) {
  const received: { readonly rawBody: Buffer; readonly headers: Record<string, string | string[] | undefined> }[] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ rawBody: Buffer.concat(chunks), headers: request.headers });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { url: `http://127.0.0.1:${address.port}/api/v1/payments/webhooks/elqr`, received };
}

export async function shop(statuses: number[] = [], changes: Partial<FinikElqrOptions> = {}) {
  const dataDir = await folder();
  await writeFile(sandboxKeyFile(dataDir), keys.privateKeyPem, { mode: 0o600 });
  const door = await merchantDoor(statuses);
  const start = async () => {
    const options = {
      port: 0,
      dataDir,
      merchantPublicKeyPem: keys.publicKeyPem,
      mode: 'demo',
      clock,
      log: silent,
    } as const;
    const faultTimes = { silentMs: 30, slowMs: 30 };
    const sandbox = await startProviderSandbox({ ...options, linkOf: sandboxElqrLink, faultTimes });
    onTestFinished(() => sandbox.stop());
    const provider = createFinikElqrProvider({
      apiKey: 'key',
      baseUrl: sandbox.url,
      accountId: 'account',
      signingKeyPem: keys.privateKeyPem,
      webhookPublicKeyPems: [sandbox.publicKeyPem],
      webhookUrl: door.url,
      clockSkewMs: 300_000,
      clock,
      http: fetch,
      amountOfLink: amountOfElqrLink,
      ...ONE_TRY,
      ...changes,
    });
    const elcard = createElcardProvider({
      ...SANDBOX_ELCARD_CLIENT,
      authMode: 'client_credentials',
      ...ONE_TRY,
      baseUrl: `${sandbox.url}${SANDBOX_ELCARD_PATH}`,
      clock,
      http: fetch,
    });
    return { sandbox, provider, elcard };
  };
  const notices = (provider: PaymentProvider): readonly ProviderNotice[] =>
    door.received.map((webhook) => {
      const notice = provider.parseWebhook({ ...webhook, nowMs: clock.now() });
      if (!notice.ok) throw new Error(notice.refusal.code);
      return notice.value;
    });
  return { ...(await start()), start, dataDir, received: door.received, notices };
}

export const newOrder = () => ({
  paymentId: randomUUID(),
  providerKey: randomUUID(),
  amountTyiyn: 105_050n,
  description: 'Билет <b>& Co</b>',
  returnUrl: 'http://127.0.0.1/return?a=1&b="2"',
  expiresAtMs: clock.now() + 900_000,
});

export async function created(provider: PaymentProvider, order = newOrder()) {
  const outcome = await provider.create(order);
  if (outcome.kind !== 'requires_action') throw new Error(JSON.stringify(outcome));
  return { ...order, externalId: outcome.externalId, action: outcome.action };
}

export const act = async (url: string, what: string) => (await fetch(`${url}/${what}`, { method: 'POST' })).status;

/** What the fault routes answered. */
export const putFaults = async (url: string, path: string, body: object): Promise<number> =>
  (await fetch(`${url}${path}`, { method: 'PUT', body: JSON.stringify(body) })).status;

/** Faults for one order, which may be still to come. */
export async function expectFaults(url: string, orderKey: string, faults: readonly Fault[]): Promise<void> {
  const status = await putFaults(url, `/faults/${orderKey}`, faults);
  if (status !== 204) throw new Error(`the sandbox answered ${status}`);
}
