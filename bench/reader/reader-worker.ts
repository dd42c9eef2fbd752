import { setTimeout as sleep } from 'node:timers/promises';
import { product } from '../harness/product.ts';
import { latenciesOf, type Latencies } from '../harness/statistics.ts';
import { answerQuestions } from '../harness/worker.ts';
import { EVENT_TYPE } from '../append/database.ts';

/** `begin`: forgets what was seen. `end`: waits until `position` was handled, then tells. */
export type ReaderQuestion =
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end'; readonly position: number };

export type ReaderAnswer = { readonly handled: number; readonly missed: number; readonly doubled: number } & Latencies;

const LIMIT_MS = 600_000;

/** A subscription as flows are, from the beginning of the log on. */
async function open(url: string) {
  const { connectDatabase } = await product.database();
  const { openPostgresEventStore } = await product.eventStore();
  const { createSubscriptionTable } = await product.subscriptionTable();
  const { startSubscription } = await product.subscription();
  const { createWakeups } = await product.wakeups();
  const { createEventCodec } = await product.codec();
  const { createVault } = await product.vault();
  const { createMemorySubjectKeys } = await product.subjectKeys();
  const { systemClock: clock } = await product.clock();
  const settings = { url, role: 'skypark_app', applicationName: 'skypark-bench', onError: console.error };
  const connect = () => connectDatabase({ ...settings, poolSize: 2 });
  const store = await openPostgresEventStore({ writer: connect(), reader: connect(), nodeId: 'bench', clock, sleep });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const codec = createEventCodec([{ type: EVENT_TYPE, version: 1 }], vault);
  let [position, missed, doubled] = [0, 0, 0];
  const lagsMs: number[] = [];
  startSubscription(
    {
      name: 'bench.reader',
      async handle({ meta }) {
        if (meta.position <= position) doubled += 1;
        else missed += meta.position - position - 1;
        position = meta.position;
        lagsMs.push(performance.timeOrigin + performance.now() - meta.recordedAtMs);
      },
    },
    {
      store,
      codec,
      table: createSubscriptionTable(connect(), 'bench'),
      wakeups: createWakeups(connect(), console.error),
      sleep,
      onError: (_what, error) => console.error(error),
    },
  );
  return {
    begin() {
      lagsMs.length = 0;
    },
    async end(last: number): Promise<ReaderAnswer> {
      const giveUpMs = performance.now() + LIMIT_MS;
      while (position < last) {
        if (performance.now() > giveUpMs) throw new Error(`the reader is at ${position} of ${last}`);
        await sleep(5);
      }
      return { handled: lagsMs.length, missed, doubled, ...latenciesOf(lagsMs) };
    },
  };
}

const NOTHING = { handled: 0, missed: 0, doubled: 0, p50Ms: 0, p99Ms: 0, mostMs: 0 };
let opened: Awaited<ReturnType<typeof open>> | null = null;

answerQuestions<ReaderQuestion, ReaderAnswer>(async (question) => {
  if (question.kind === 'open') opened = await open(question.url);
  if (opened === null) throw new Error('the reader was not opened');
  if (question.kind === 'begin') opened.begin();
  return question.kind === 'end' ? opened.end(question.position) : NOTHING;
});
