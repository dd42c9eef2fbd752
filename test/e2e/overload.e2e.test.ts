import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DEFAULT_HTTP_CONFIG } from '../../src/infrastructure/http/http-config.ts';
import { admitted, bodyOf } from '../../tools/demo/answered.ts';
import { gateLogin } from '../../tools/demo/demo-logins.ts';
import { Session } from '../../tools/demo/session.ts';
import { describeWithDatabase } from '../support/database.ts';
import { localSettings, startProgram, temporaryDataDir } from '../support/product.ts';
import { patience, tally } from './guests.ts';

/** Five times what may be under way. */
const RUSH = 5 * DEFAULT_HTTP_CONFIG.lanes.others;
/** Requests that one connection sends before it has heard anything: more arrives at once than any machine answers meanwhile. */
const AT_ONCE = 20;
/** What the listener of the system has no room for it cuts before the program hears of it. */
const CUT = 'no connection';
/** What a scan may take in a rush: all that is under way is answered before it, on a machine that is busy besides. */
const SCAN_MS = 5_000;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const wordsOf = (head: string): string => {
  const isToldWhen = /^retry-after: [1-9]/im.test(head);
  return head.startsWith('503') ? `503 ${isToldWhen ? 'with' : 'without'} Retry-After` : head.slice(0, 3);
};

/** What a connection hears that asks for the same so many times in one breath. */
async function askAtOnce(url: string, path: string, token: string): Promise<readonly string[]> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = (more: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`;
  socket.write(head('').repeat(AT_ONCE - 1) + head('Connection: close\r\n'));
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  const answers = heard.split('HTTP/1.1 ').slice(1).map(wordsOf);
  return [...answers, ...Array.from({ length: AT_ONCE - answers.length }, () => CUT)];
}

async function rushOf(url: string, path: string, token: string): Promise<readonly string[]> {
  return (await Promise.all(Array.from({ length: RUSH / AT_ONCE }, () => askAtOnce(url, path, token)))).flat();
}

/** Resident memory of a process in MB. */
async function memoryOf(pid: number): Promise<number> {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

describeWithDatabase('a rush of five times what the program takes', () => {
  test('is answered or shed at once; gates go on, memory is bounded, and all is well when it is over', async () => {
    const dataDir = await temporaryDataDir();
    const { url, child } = await startProgram('start', await localSettings(dataDir));
    const gate = new Session(url, await gateLogin(dataDir), patience);
    // Tickets of somebody are read from the database each time.
    const path = '/api/v1/tickets';
    const { data } = await gate.trySignIn();
    const token = data === undefined ? '' : admitted(data).access_token;
    const look = async (): Promise<number> =>
      (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
    async function scan(): Promise<number> {
      const one = { scan_id: randomUUID(), code: 'no-code-of-ours', direction: 'in', gate: 'main' } as const;
      const startedAt = performance.now();
      const answer = await gate.client.POST('/api/v1/gate/scans', {
        body: { scans: [{ ...one, scanned_at: new Date().toISOString() }] },
      });
      expect(bodyOf('scan', 200, answer).results[0]?.outcome).toBe('bad_signature');
      return performance.now() - startedAt;
    }

    expect(await look()).toBe(200);
    const before = await memoryOf(child.pid ?? 0);
    let isOver = false;
    const rush = rushOf(url, path, token).finally(() => (isOver = true));
    const scans: number[] = [];
    while (!isOver || scans.length < 20) {
      scans.push(await scan());
      await sleep(20);
    }
    const answers = tally(await rush);
    process.stdout.write(
      `rush of ${RUSH}: ${JSON.stringify(answers)}; scans p99 ${percentile(scans, 0.99).toFixed(0)} ms\n`,
    );
    expect(Object.keys(answers).filter((one) => !['200', '503 with Retry-After', CUT].includes(one))).toEqual([]);
    expect(answers['503 with Retry-After'] ?? 0).toBeGreaterThan(0);
    expect(percentile(scans, 0.99)).toBeLessThan(SCAN_MS);
    expect((await memoryOf(child.pid ?? 0)) - before).toBeLessThan(400);
    // Over: the very next ones are answered.
    expect(new Set(await Promise.all(Array.from({ length: 20 }, look)))).toEqual(new Set([200]));
  }, 120_000);
});
