import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { addDays } from '../../src/kernel/time.ts';
import { isReady } from '../../tools/demo/own-product.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { localSettings, startProgram, startTestApi, temporaryDataDir } from '../support/product.ts';
import { guestAt, newGuest, openSmallPark, order, outcomeOf, tally, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const date = addDays(new Date().toISOString().slice(0, 10), 3);
const CLIENTS = 8;
/** Enough for everybody: here nothing but the end of the process can make a request fail. */
const CAPACITY = 50_000;

/** How often readiness is asked for; far below the time between "not ready" and the end. */
const PROBE_MS = 50;
/** Between two orders of a client: the machine must have room for the process that starts. */
const PAUSE_MS = 10;
const DRAIN_DELAY_MS = 1000;

/** Whether nobody listened: the request was never sent, so it may be sent elsewhere. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof TypeError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'somehow';
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** What a proxy does: sends to whoever is ready, and elsewhere only what was never sent. */
class Balancer {
  readonly #ready: boolean[];
  readonly #guests: readonly Guest[];
  readonly #urls: readonly string[];
  #stopping = false;
  #next = 0;

  constructor(urls: readonly string[], guests: readonly Guest[]) {
    this.#urls = urls;
    this.#guests = guests;
    this.#ready = urls.map(() => true);
  }

  stop(): void {
    this.#stopping = true;
  }

  async probe(): Promise<void> {
    while (!this.#stopping) {
      for (const [index, url] of this.#urls.entries()) this.#ready[index] = await isReady(url);
      await sleep(PROBE_MS);
    }
  }

  /** Buys one ticket after the other; answers how each order ended. */
  async buy(): Promise<readonly string[]> {
    const outcomes: string[] = [];
    while (!this.#stopping) {
      this.#next += 1;
      const index = this.#next % this.#guests.length;
      const guest = this.#guests[index];
      if (this.#ready[index] !== true || guest === undefined) {
        await sleep(PAUSE_MS);
        continue;
      }
      try {
        outcomes.push(outcomeOf(await order(guest, { parkId: 'roomy', date })));
        await sleep(PAUSE_MS);
      } catch (error) {
        if (!isRefused(error)) outcomes.push(`failed: ${wordsOf(error)}`);
      }
    }
    return outcomes;
  }
}

describeWithDatabase('a rolling restart', () => {
  test('fails no request: what a process accepted it answers, then it ends with 0, and the other one goes on', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const dataDir = await temporaryDataDir();
    const shared = {
      DATABASE_URL: database.url,
      PUBLIC_URL: 'http://skypark.test',
      SKYPARK_MODE: 'demo',
      SKYPARK_DRAIN_DELAY_MS: String(DRAIN_DELAY_MS),
    };
    const here = await startTestApi(
      await localSettings(dataDir, { ...shared, SKYPARK_DRAIN_DELAY_MS: '0' }),
      systemClock,
    );
    await openSmallPark(here.app, 'roomy', CAPACITY);
    const settings = [await localSettings(dataDir, shared), await localSettings(dataDir, shared)];
    const programs = await Promise.all(settings.map((one) => startProgram('api', one)));
    const guest = await newGuest(here.url);
    const guests = await Promise.all(programs.map(({ url }) => guestAt(url, guest)));
    const balancer = new Balancer(
      programs.map(({ url }) => url),
      guests,
    );
    const probing = balancer.probe();
    const clients = Array.from({ length: CLIENTS }, () => balancer.buy());
    for (const [index, { child }] of programs.entries()) {
      await sleep(300);
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await gone).toEqual([0, null]);
      // The last one need not come back: nothing is stopped after it.
      if (index < programs.length - 1) await startProgram('api', settings[index] ?? {});
    }
    await sleep(300);
    balancer.stop();
    await probing;
    const outcomes = tally((await Promise.all(clients)).flat());
    expect(Object.keys(outcomes)).toEqual(['201']);
    expect(outcomes['201']).toBeGreaterThan(CLIENTS);
    await expectRulesToHold(database.url);
  }, 120_000);
});
