/**
 * A gate on a network of its own, from which no way leads out: starts the product with HTTPS, and is its cashier, its manager and
 * its device. Runs in a namespace of the network and of mounts. Arguments: data directory, a hosts file, the name of the node, and a
 * folder with another certificate. Writes what it saw as one line of JSON.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { makeDeviceKey } from '../../clients/gate/crypto.ts';
import { decideAlone } from '../../clients/gate/decide.ts';
import { knowNothing, takePage } from '../../clients/gate/known.ts';
import { append, emptyLog, sealBatch } from '../../clients/gate/log.ts';
import { createSkyParkClient } from '../../clients/typescript/client.ts';
import { demoLogins, gateLogin } from '../../tools/demo/demo-logins.ts';
import { Session, type Login } from '../../tools/demo/session.ts';
import { projectRoot } from './project-files.ts';

const [dataDir = '', hosts = '', name = '', otherPair = ''] = process.argv.slice(2);
const patience = { limitMs: 30_000, onRepeat: () => undefined };
const PORT = 8443;
const PARK = 'dordoi';
const url = `https://${name}:${PORT}`;
const ca = readFileSync(join(dataDir, 'keys', 'ca.pem'), 'utf8');

function run(program: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
}
run('ip', 'link', 'set', 'lo', 'up');
run('mount', '--bind', hosts, '/etc/hosts');

/** What becomes of a call to the world outside. */
const outside = await new Promise<string>((resolve) => {
  connect({ host: '192.0.2.1', port: 443 })
    .on('error', (error) => resolve(`${Reflect.get(error, 'code')}`))
    .on('connect', () => resolve('connected'));
});

const product = spawn(process.execPath, ['dist/main/start.js'], {
  cwd: projectRoot,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: String(PORT),
    PUBLIC_URL: url,
    SKYPARK_MODE: 'demo',
    SKYPARK_DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    TLS_CERT_FILE: join(dataDir, 'keys', 'tls.pem'),
    TLS_KEY_FILE: join(dataDir, 'keys', 'tls.key'),
    TLS_CA_FILE: join(dataDir, 'keys', 'ca.pem'),
  },
});

type Seen = { readonly status: number; readonly certificate: string; readonly isReused: boolean } | string;

/** A question to the node, called by a name: its answer and its certificate, or why it is not believed. */
const ask = (agent: Agent | false, servername: string, believed: string): Promise<Seen> =>
  new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: PORT,
        path: '/health/ready',
        ca: believed,
        servername,
        agent,
        headers: { host: name },
      },
      (response) => {
        const socket = response.socket as TLSSocket;
        const certificate = socket.getPeerCertificate().fingerprint256;
        const answer = { status: response.statusCode ?? 0, certificate, isReused: asked.reusedSocket };
        response.resume().on('end', () => resolve(answer));
      },
    );
    asked.on('error', (error) => resolve(`${Reflect.get(error, 'code')}`)).end();
  });

const isUp = async (): Promise<boolean> => {
  const seen = await ask(false, name, ca);
  return typeof seen !== 'string' && seen.status === 200;
};
while (!(await isUp())) {
  if (product.exitCode !== null) throw new Error('the product ended');
  await sleep(100);
}

async function signedIn(login: Login) {
  const session = new Session(url, login, patience);
  await session.signIn();
  return session.client;
}

/** A ticket that was sold for cash, by its code. */
async function sell(): Promise<() => Promise<string>> {
  const cashier = await signedIn(await gateLogin(dataDir));
  const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });
  await cashier.POST('/api/v1/gate/shifts', { params: withKey(), body: { park_id: PARK, float: '0.00' } });
  return async () => {
    const body = { park_id: PARK, children: [{ age: 5 }], adults: 1, method: 'cash' as const };
    const { data } = await cashier.POST('/api/v1/gate/sales', { params: withKey(), body });
    return data?.admission_code ?? '';
  };
}

async function enrolled() {
  const key = await makeDeviceKey();
  const manager = await signedIn((await demoLogins(dataDir)).admin);
  const invited = await manager.POST('/api/v1/admin/devices', { body: { park_id: PARK } });
  const body = { code: invited.data?.code ?? '', name: 'North gate', public_key: key.publicKey };
  const { data } = await createSkyParkClient({ baseUrl: url }).POST('/api/v1/gate/devices/enroll', { body });
  if (data === undefined || data.certificate === null) throw new Error('the device was not enrolled');
  const device = { deviceId: data.id, certificate: data.certificate, key };
  return { device, told: data.ca, client: createSkyParkClient({ baseUrl: url, token: () => data.credential }) };
}

const soldCode = await sell();
const { device, told, client } = await enrolled();
const scan = { scan_id: randomUUID(), code: await soldCode(), direction: 'in', gate: 'north' } as const;
const scanned = await client.POST('/api/v1/gate/scans', {
  body: { scans: [{ ...scan, scanned_at: new Date().toISOString() }] },
});
const code = await soldCode();
const { data: page } = await client.GET('/api/v1/gate/bundle');
if (page === undefined) throw new Error('there is no bundle');
const known = await takePage(knowNothing(device.deviceId, PARK), page, 0);
const nowMs = Date.now();
const alone = { scanId: randomUUID(), code, direction: 'in', people: null, nowMs, gate: 'north' } as const;
const decision = await decideAlone(known, emptyLog, alone);
if (decision.light === 'red') throw new Error(`the device says ${decision.reason}`);
const entry = await append(emptyLog, device.deviceId, decision.decided);
const merged = await client.POST('/api/v1/gate/log', { body: await sealBatch(device, emptyLog.link, [entry]) });

const kept = new Agent({ keepAlive: true });
const before = await ask(kept, name, ca);
copyFileSync(join(otherPair, 'tls.key'), join(dataDir, 'keys', 'tls.key'));
copyFileSync(join(otherPair, 'tls.pem'), join(dataDir, 'keys', 'tls.pem'));
product.kill('SIGHUP');
let after = await ask(false, name, ca);
const certificateOf = (seen: Seen): string => (typeof seen === 'string' ? seen : seen.certificate);
for (let tries = 0; tries < 50 && certificateOf(after) === certificateOf(before); tries += 1) {
  await sleep(100);
  after = await ask(false, name, ca);
}
const onOpen = await ask(kept, name, ca);
kept.destroy();

const seen = {
  interfaces: Object.keys(networkInterfaces()),
  outside,
  isToldTheAuthority: told === ca,
  scanned: scanned.data?.results[0]?.outcome,
  light: decision.light,
  merged: merged.data?.results[0]?.result.outcome,
  byAnotherName: await ask(false, 'other.lan', ca),
  withoutTheAuthority: await ask(false, name, readFileSync(join(otherPair, 'stranger.pem'), 'utf8')),
  isAnotherCertificate: certificateOf(before) !== certificateOf(after) && typeof after !== 'string',
  openConnection: typeof onOpen === 'string' ? onOpen : { status: onOpen.status, isReused: onOpen.isReused },
};
product.kill('SIGTERM');
process.stdout.write(`${JSON.stringify(seen)}\n`);
