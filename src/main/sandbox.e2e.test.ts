import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createFinikElqrProvider } from '../infrastructure/payment-providers/finik/elqr-provider.ts';
import { ensureKeyPair } from '../infrastructure/payment-providers/key-pair.ts';
import { sandboxKeyFile } from '../infrastructure/provider-sandbox/start-sandbox.ts';
import type { PaymentProvider } from '../modules/payment/contract.ts';
import { loadConfig } from './config.ts';
import { amountOfElqrLink } from './elqr-links.ts';
import { startSandboxProcess } from './sandbox-process.ts';

const entry = fileURLToPath(new URL('sandbox.ts', import.meta.url));

function launch(dataDir: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const program = ['--import', 'tsx', entry, '--port', '0', '--data-dir', dataDir];
  const child = spawn(process.execPath, program, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The address that the process logs once it listens. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: stdout })) {
    const url = /listens at ([^"]+)"/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the sandbox ended before it listened');
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'skypark-sandbox-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

async function providerAt(baseUrl: string, dataDir: string): Promise<PaymentProvider> {
  const merchant = await ensureKeyPair(join(dataDir, 'keys', 'elqr-merchant.pem'));
  const sandbox = await ensureKeyPair(sandboxKeyFile(join(dataDir, 'provider-sandbox')));
  return createFinikElqrProvider({
    apiKey: 'key',
    baseUrl,
    accountId: 'account',
    signingKeyPem: merchant.privateKeyPem,
    webhookPublicKeyPems: [sandbox.publicKeyPem],
    webhookUrl: 'http://127.0.0.1:9/nobody',
    clockSkewMs: 300_000,
    clock: { now: () => Date.now() },
    http: fetch,
    amountOfLink: amountOfElqrLink,
  });
}

test('no payment that was acknowledged to the payer is lost by kill -9', async () => {
  const dataDir = await folder();
  const first = launch(dataDir);
  const provider = await providerAt(await addressOf(first), dataDir);
  const orders = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const providerKey = randomUUID();
      const about = {
        paymentId: randomUUID(),
        description: 'ticket',
        returnUrl: 'http://127.0.0.1/',
        expiresAtMs: Date.now() + 900_000,
      };
      const outcome = await provider.create({ ...about, providerKey, amountTyiyn: 35_000n });
      if (outcome.kind !== 'requires_action') throw new Error(outcome.kind);
      return { providerKey, payUrl: `${outcome.action.url}/pay` };
    }),
  );
  let acknowledged = 0;
  const paid = orders.map(async ({ providerKey, payUrl }) => {
    const status = await fetch(payUrl, { method: 'POST' }).then(
      (response) => response.status,
      () => 0,
    );
    acknowledged += 1;
    if (acknowledged === 10) first.kill('SIGKILL');
    return { providerKey, status };
  });
  const answers = await Promise.all(paid);
  await (first.exitCode ?? first.signalCode ?? once(first, 'exit'));

  const again = await providerAt(await addressOf(launch(dataDir)), dataDir);
  for (const { providerKey, status } of answers) {
    const outcome = await again.status({ providerKey, externalId: null });
    if (status === 204) expect(outcome).toMatchObject({ kind: 'succeeded', amountTyiyn: 35_000n });
    else expect(['succeeded', 'pending']).toContain(outcome.kind);
  }
  expect(answers.filter(({ status }) => status === 204).length).toBeGreaterThanOrEqual(10);
});

test('the sandbox ends at once in production mode, and cleanly on SIGTERM', async () => {
  const dataDir = await folder();
  expect(await once(launch(dataDir, { SKYPARK_MODE: 'production' }), 'exit')).toEqual([1, null]);
  const running = launch(dataDir);
  await addressOf(running);
  running.kill('SIGTERM');
  expect(await once(running, 'exit')).toEqual([0, null]);
});

test('as a part of the product it ends when that says so or is gone, and not before', async () => {
  const launchOwned = async (): Promise<ChildProcess> => {
    const child = fork(entry, ['--port', '0', '--data-dir', await folder(), '--log-level', 'silent'], {
      execArgv: ['--import', 'tsx'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [url] = await once(child, 'message');
    expect((await fetch(`${url}/orders`)).status).toBe(200);
    child.kill('SIGINT');
    expect((await fetch(`${url}/orders`)).status).toBe(200);
    return child;
  };
  const [told, left] = await Promise.all([launchOwned(), launchOwned()]);
  const ends = Promise.all([once(told, 'exit'), once(left, 'exit')]);
  told.send('stop');
  left.disconnect();
  expect(await ends).toEqual([
    [0, null],
    [0, null],
  ]);
});

/** The children of this process that run the sandbox. */
async function sandboxesOfThis(): Promise<number[]> {
  const tasks = await readdir('/proc/self/task');
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')));
  const children = lists.flatMap((list) => list.trim().split(' ').filter(Boolean).map(Number));
  const words = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return children.filter((_pid, index) => words[index]?.includes(entry));
}

test('the product ends in order also when its sandbox was killed at that moment, or long before', async () => {
  // It runs from its sources here, which only this can tell a fork.
  vi.stubEnv('NODE_OPTIONS', '--import tsx');
  onTestFinished(() => void vi.unstubAllEnvs());
  const config = loadConfig({ SKYPARK_DATA_DIR: await folder(), SKYPARK_SANDBOX_PORT: '0', LOG_LEVEL: 'silent' });
  const told: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void told.push(line) });
  for (const pauseMs of [0, 300]) {
    const running = await startSandboxProcess(config, log);
    const [pid = 0, ...others] = await sandboxesOfThis();
    expect(others).toEqual([]);
    process.kill(pid, 'SIGKILL');
    await sleep(pauseMs);
    await running?.stop();
    expect(await sandboxesOfThis()).toEqual([]);
  }
  expect(told).toEqual([expect.stringContaining('nobody can pay before the next start')]);
});
