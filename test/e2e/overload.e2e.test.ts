import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DEFAULT_HTTP_CONFIG } from '../../src/infrastructure/http/http-config.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { gateLogin } from '../../tools/demo/demo-logins.ts';
import { Session } from '../../tools/demo/session.ts';
import { describeWithDatabase } from '../support/database.ts';
import { localSettings, startProgram, temporaryDataDir } from '../support/product.ts';
import { patience, tally } from './guests.ts';

/** Five times what may be under way. */
const RUSH = 5 * DEFAULT_HTTP_CONFIG.lanes.others;
/** What the listener of the system has no room for it cuts before the program hears of it. */
const CUT = 'no connection';
/** Connections that are opened at one blow. */
const BURST = 128;
/** What a scan may take in a rush: all that is under way is answered before it, on a machine that is busy besides. */
const SCAN_MS = 5_000;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Faster than anybody answers, and not faster than a listener takes connections. */
async function rushOf(ask: () => Promise<string>): Promise<readonly string[]> {
  const answers: Promise<string>[] = [];
  for (let sent = 0; sent < RUSH; sent += BURST) {
    answers.push(...Array.from({ length: Math.min(BURST, RUSH - sent) }, ask));
    await sleep(10);
  }
  return Promise.all(answers);
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
    await gate.signIn();
    const days = [0, 30].map((day) => new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10));
    const path = `/api/v1/parks/ala-archa/availability?from=${days[0]}&to=${days[1]}`;

    async function look(): Promise<string> {
      const answer = await fetch(`${url}${path}`).catch(() => null);
      if (answer === null) return CUT;
      await answer.arrayBuffer();
      const isToldWhen = Number(answer.headers.get('retry-after')) >= 1;
      return answer.status === 503 ? `503 ${isToldWhen ? 'with' : 'without'} Retry-After` : String(answer.status);
    }
    async function scan(): Promise<number> {
      const one = { scan_id: randomUUID(), code: 'no-code-of-ours', direction: 'in', gate: 'main' } as const;
      const startedAt = performance.now();
      const answer = await gate.client.POST('/api/v1/gate/scans', {
        body: { scans: [{ ...one, scanned_at: new Date().toISOString() }] },
      });
      expect(bodyOf('scan', 200, answer).results[0]?.outcome).toBe('bad_signature');
      return performance.now() - startedAt;
    }

    expect(await look()).toBe('200');
    const before = await memoryOf(child.pid ?? 0);
    let isOver = false;
    const rush = rushOf(look).finally(() => (isOver = true));
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
    expect(tally(await Promise.all(Array.from({ length: 20 }, look)))).toEqual({ 200: 20 });
  }, 120_000);
});
