import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bodyOf } from '../../tools/demo/answered.ts';
import { gateLogin } from '../../tools/demo/demo-logins.ts';
import { Session } from '../../tools/demo/session.ts';
import { describeWithDatabase } from '../support/database.ts';
import { localSettings, startProgram, temporaryDataDir } from '../support/product.ts';
import { patience, tally } from './guests.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

describeWithDatabase('500 logins at once', () => {
  test('are served or refused as busy, and scans beside them go on', async () => {
    const dataDir = await temporaryDataDir();
    const { url } = await startProgram('start', await localSettings(dataDir));
    const gate = new Session(url, await gateLogin(dataDir), patience);
    await gate.signIn();

    /** Milliseconds until a scan is answered. */
    async function scan(): Promise<number> {
      const one = { scan_id: randomUUID(), code: 'no-code-of-ours', direction: 'in', gate: 'main' } as const;
      const scans = [{ ...one, scanned_at: new Date().toISOString() }];
      const startedAt = performance.now();
      const answer = await gate.client.POST('/api/v1/gate/scans', { body: { scans } });
      expect(bodyOf('scan', 200, answer).results[0]?.outcome).toBe('bad_signature');
      return performance.now() - startedAt;
    }
    async function scanInTurn(times: number): Promise<number> {
      const taken: number[] = [];
      for (let index = 0; index < times; index += 1) taken.push(await scan());
      return median(taken);
    }

    await scanInTurn(20);
    const aloneMs = await scanInTurn(40);
    const body = JSON.stringify({ phone: '+996555000009', password: 'a wrong password' });
    const headers = { 'content-type': 'application/json' };
    const logins = Promise.all(
      Array.from(
        { length: 500 },
        async () => (await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body })).status,
      ),
    );
    const besideMs = await scanInTurn(40);
    const statuses = tally((await logins).map(String));
    expect(Object.keys(statuses).filter((status) => !['401', '429', '503'].includes(status))).toEqual([]);
    // One after the other on the way in they may wait, but never for a password to be hashed 500 times.
    expect(besideMs).toBeLessThan(20 * aloneMs + 250);
  }, 120_000);
});
