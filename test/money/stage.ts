import { randomUUID } from 'node:crypto';
import type { FaultTimes } from '../../src/infrastructure/provider-sandbox/fault-layer.ts';
import { createManualClock, type ManualClock } from '../../src/infrastructure/clock.ts';
import type { OrderTotals } from '../../src/infrastructure/provider-sandbox/order-book.ts';
import type { ProviderSandbox } from '../../src/infrastructure/provider-sandbox/start-sandbox.ts';
import type { Session } from '../../tools/demo/session.ts';
import { newGuest } from '../e2e/guests.ts';
import { createTestDatabase } from '../support/database.ts';
import {
  localSettings,
  startTestApi,
  startTestSandbox,
  temporaryDataDir,
  type CleanUp,
  type TestApi,
} from '../support/product.ts';

/** The API and the provider sandbox by a clock that the test moves; nothing happens by itself but what comes over HTTP. */
export type Stage = {
  readonly clock: ManualClock;
  readonly api: TestApi;
  readonly sandbox: ProviderSandbox;
  readonly databaseUrl: string;
  /** Somebody who pays out what no provider does. */
  readonly finance: Session;
  /** Moves the clock on, and does all that a worker would do then, until nothing is left to do. */
  pass(ms: number): Promise<void>;
  /** What the sandbox knows of an order. */
  orders(): Promise<readonly OrderTotals[]>;
};

/** What a worker does about money. */
const JOBS = ['apply kept webhooks', 'poll payments', 'poll unpaid payments', 'follow refunds', 'expire holds'];
const TIMES: FaultTimes = { silentMs: 20, slowMs: 20 };

export async function openStage(startMs: number, elqrWire: string, later: CleanUp): Promise<Stage> {
  const database = await createTestDatabase();
  later(() => database.drop());
  const dataDir = await temporaryDataDir(later);
  const clock = createManualClock(startMs);
  const settings = await localSettings(dataDir, {
    DATABASE_URL: database.url,
    ELQR_WIRE_PROFILE: elqrWire,
  });
  const api = await startTestApi(settings, clock, later);
  const sandbox = await startTestSandbox(api, later, TIMES);
  const work = workOf(api);
  const { userId, session: finance } = await newGuest(api.url);
  await api.app.modules.auth.grantRole({ userId, role: 'finance', parkId: null }, meta());
  return {
    finance,
    clock,
    api,
    sandbox,
    databaseUrl: database.url,
    pass(ms) {
      clock.advance(ms);
      return work(ms);
    },
    async orders() {
      const answer = (await (await fetch(`${sandbox.url}/orders`)).json()) as { orders: readonly OrderTotals[] };
      return answer.orders;
    },
  };
}

/** A worker's rounds, one after another, until one brings nothing new. What it does less often than `ms` is left out. */
function workOf({ app: { modules, store } }: TestApi): (ms: number) => Promise<void> {
  const moneyJobs = modules.jobs.filter(({ name }) => JOBS.includes(name));
  const round = { limit: 1000, stopping: new AbortController().signal, meta: meta() };
  let handledTo = 0;

  async function handleNew(): Promise<void> {
    for (let events = await store.read(handledTo, 500); events.length > 0; events = await store.read(handledTo, 500)) {
      for (const event of events) {
        const recorded = await modules.codec.decode(event);
        for (const flow of modules.flows) if (flow.eventTypes.includes(event.type)) await flow.handle(recorded);
        handledTo = event.position;
      }
    }
  }

  return async (ms) => {
    const jobs = moneyJobs.filter(({ everyMs }) => everyMs <= Math.max(ms, 5000));
    let before: number;
    do {
      await handleNew();
      before = handledTo;
      for (const job of jobs) await job.run(round);
      await handleNew();
    } while (handledTo > before);
  };
}

const meta = () => ({ actor: 'system', correlationId: `test/${randomUUID()}` });
