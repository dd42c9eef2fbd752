import { expect } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { checkRules } from '../../src/main/cli/check.ts';
import { makeWorld } from '../e2e/contract-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, startTestSandbox, temporaryDataDir } from '../support/product.ts';
import { fuzz, tableOf, type FuzzReport } from './fuzz-run.ts';

/** A product of its own, fuzzed; whatever was thrown where nobody caught it, and the rules that do not hold afterwards. */
export async function fuzzedProduct(requests: number, seed: number) {
  const { later, run } = createCleanUp();
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  try {
    const clock = createManualClock(Date.parse('2026-12-01T06:00:00Z'));
    const database = await createTestDatabase();
    later(() => database.drop());
    const settings = await localSettings(await temporaryDataDir(later), {
      DATABASE_URL: database.url,
      LOG_LEVEL: 'error',
    });
    const api = await startTestApi(settings, clock, later);
    await startTestSandbox(api, later);
    const world = await makeWorld(api);
    const report: FuzzReport = await fuzz({ world, clock, requests, seed, hands: 6 });
    process.stdout.write(tableOf(report));
    const alive = await fetch(`${world.url}/health/ready`);
    await api.stop();
    const broken = (await checkRules(database.url, { facts: null })).filter(({ holds }) => !holds);
    return { report, unhandled, broken, isReady: alive.status === 200 };
  } finally {
    process.off('unhandledRejection', onUnhandled);
    await run();
  }
}

/** Whatever was asked: no failure of ours, nothing hangs, nothing is thrown into nowhere, and every rule holds. */
export async function expectToStand(requests: number, seed: number): Promise<FuzzReport> {
  const { report, unhandled, broken, isReady } = await fuzzedProduct(requests, seed);
  expect(report.violations.slice(0, 20).map(({ what, request }) => `${what}\n${request}`)).toEqual([]);
  expect({ unhandled, broken, isReady }).toEqual({ unhandled: [], broken: [], isReady: true });
  return report;
}
