import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ownPostgres, ownRabbitmq, ownRedis, type OwnServer } from '../support/own-server.ts';
import {
  hasEnded,
  localSettings,
  outputOf,
  runSource,
  startProgram,
  temporaryDataDir,
  type Program,
} from '../support/product.ts';

/** What a visitor's question met while a part was away, and after it came back. */
export type Outage = {
  readonly part: string;
  readonly how: 'stopped' | 'killed' | 'restarted';
  readonly awayMs: number;
  readonly asked: number;
  readonly failed: number;
  /** From the moment the part was back to the first answer after the last failure; 0 when none failed. */
  readonly recoveryMs: number;
};

const STOPPED_MS = 20_000;
const KILLED_MS = 3000;
/** The product is watched so long after each outage. */
const CALM_MS = 5000;
const ASK_EVERY_MS = 100;
const FAMILIES_A_ROUND = 30;

/** Asks what anybody may ask, again and again, and notes what was not answered. */
function keepAsking(url: string) {
  const answers: { readonly atMs: number; readonly ok: boolean }[] = [];
  const stopping = new AbortController();
  const body = JSON.stringify({
    park_id: 'ala-archa',
    visit_date: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
    children: [{ name: 'Алина', age: 6 }],
  });
  const ask = async (): Promise<boolean> => {
    const signal = AbortSignal.timeout(2000);
    const headers = { 'content-type': 'application/json' };
    try {
      return (await fetch(`${url}/api/v1/tickets/quote`, { method: 'POST', headers, body, signal })).ok;
    } catch {
      return false;
    }
  };
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      const ok = await ask();
      answers.push({ atMs: Date.now(), ok });
      await sleep(ASK_EVERY_MS);
    }
  })();
  return {
    /** What happened from one moment on, to a part that was back at another. */
    since(fromMs: number, backMs: number) {
      const seen = answers.filter(({ atMs }) => atMs >= fromMs);
      const failures = seen.filter(({ ok }) => !ok);
      const lastMs = failures.at(-1)?.atMs;
      const again = lastMs === undefined ? undefined : seen.find(({ atMs }) => atMs > lastMs)?.atMs;
      return {
        asked: seen.length,
        failed: failures.length,
        recoveryMs: lastMs === undefined ? 0 : Math.max(0, (again ?? Number.POSITIVE_INFINITY) - backMs),
      };
    },
    async stop() {
      stopping.abort();
      await asking;
    },
  };
}

/** Families in rounds until it is enough; each round keeps a journal of what it was told. */
function keepVisiting(url: string, dataDir: string) {
  const journals: string[] = [];
  const repeats: string[] = [];
  let isEnough = false;
  const visiting = (async () => {
    while (!isEnough) {
      const journal = join(dataDir, `journal-${journals.length}`);
      const args = ['--families', String(FAMILIES_A_ROUND), '--concurrency', '3', '--journal', journal];
      const { code, text } = await outputOf(
        runSource('tools/demo.ts', args, { SKYPARK_URL: url, SKYPARK_DATA_DIR: dataDir }),
      );
      expect({ code, text }).toMatchObject({
        code: 0,
        text: expect.stringContaining(`${FAMILIES_A_ROUND} of ${FAMILIES_A_ROUND}`),
      });
      journals.push(journal);
      repeats.push(/Calls that had to be repeated: (.*)\./.exec(text)?.[1] ?? '');
    }
  })();
  visiting.catch(() => undefined);
  return {
    async end() {
      isEnough = true;
      await visiting;
      return { journals, repeats };
    },
  };
}

type Disturbance = {
  readonly part: string;
  readonly how: Outage['how'];
  away(): Promise<void>;
  readonly server: OwnServer;
};

const disturbances = (part: string, server: OwnServer): readonly Disturbance[] => [
  { part, server, how: 'stopped', away: () => server.stop() },
  { part, server, how: 'killed', away: () => server.kill() },
];

async function disturb(product: Program, list: readonly Disturbance[], visitor: ReturnType<typeof keepAsking>) {
  const outages: Outage[] = [];
  for (const { part, how, away, server } of list) {
    const fromMs = Date.now();
    await away();
    await sleep(how === 'stopped' ? STOPPED_MS : how === 'killed' ? KILLED_MS : 0);
    await server.start();
    const backMs = Date.now();
    await sleep(CALM_MS);
    expect(hasEnded(product.child), `the product ended when ${part} was ${how}`).toBe(false);
    outages.push({ part, how, awayMs: backMs - fromMs, ...visitor.since(fromMs, backMs) });
  }
  return outages;
}

/**
 * Families go to parks and a visitor asks for prices while every part beside the product is stopped, killed and started again,
 * and the database is restarted. The product is never restarted. @returns what was met, part by part
 */
export async function surviveOutages(): Promise<{
  readonly outages: readonly Outage[];
  readonly repeats: readonly string[];
}> {
  const dataDir = await temporaryDataDir();
  const [postgres, redis, rabbitmq] = await Promise.all([ownPostgres(), ownRedis(), ownRabbitmq()]);
  try {
    await Promise.all([postgres, redis, rabbitmq].map((server) => server.start()));
    const settings = await localSettings(dataDir, {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      RABBITMQ_URL: rabbitmq.url,
    });
    const product = await startProgram('start', settings);
    const families = keepVisiting(product.url, dataDir);
    const visitor = keepAsking(product.url);
    await sleep(CALM_MS);
    const outages = await disturb(
      product,
      [
        ...disturbances('Redis', redis),
        ...disturbances('RabbitMQ', rabbitmq),
        { part: 'PostgreSQL', how: 'restarted', server: postgres, away: () => postgres.stop() },
        { part: 'PostgreSQL', how: 'killed', server: postgres, away: () => postgres.kill() },
      ],
      visitor,
    );
    const { journals, repeats } = await families.end();
    await visitor.stop();
    const ended = outputOf(product.child);
    product.child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    for (const journal of journals) {
      const checked = await outputOf(
        runSource('src/main/cli.ts', ['check', '--drained', '--journal', journal], {
          SKYPARK_DATA_DIR: dataDir,
          DATABASE_URL: postgres.url,
        }),
      );
      expect(checked.text).toContain('All rules hold.');
    }
    return { outages, repeats };
  } finally {
    await Promise.all([postgres, redis, rabbitmq].map((server) => server.dispose()));
  }
}
