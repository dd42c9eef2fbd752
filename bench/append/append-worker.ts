import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEvent } from '../../src/kernel/event-store.ts';
import type { Decider } from '../../src/kernel/decider.ts';
import type { Run } from '../harness/contest.ts';
import { drive } from '../harness/drive.ts';
import { product } from '../harness/product.ts';
import { answerQuestions } from '../harness/worker.ts';
import { EVENT_TYPE } from './database.ts';
import { exampleData } from './example-event.ts';

/**
 * `streams`: every append to a stream of its own. `hot`: commands on one aggregate, through the command runner. `load`: one of the
 * `streams` that were filled when it was opened is loaded, 20 events each.
 * With `aSecond` each caller begins so many a second at most.
 */
export type AppendQuestion =
  | { readonly kind: 'open'; readonly url: string; readonly streams?: number }
  | {
      readonly kind: 'streams' | 'hot' | 'load';
      readonly callers: number;
      readonly seconds: number;
      readonly aSecond?: number;
    };

type Work = () => Promise<void>;

/** How many events a stream has that is loaded. */
const LENGTH = 20;

/** Opens the store as a process of the product does, and answers what one caller repeats. */
async function open(url: string, filled: number): Promise<Readonly<Record<'streams' | 'hot' | 'load', Work>>> {
  const { connectDatabase } = await product.database();
  const { openPostgresEventStore } = await product.eventStore();
  const { systemClock: clock } = await product.clock();
  const { systemIds: ids } = await product.ids();
  const { createEventCodec } = await product.codec();
  const { createCommandRunner } = await product.runner();
  const { createVault } = await product.vault();
  const { createMemorySubjectKeys } = await product.subjectKeys();
  const settings = { url, role: 'skypark_app', applicationName: 'skypark-bench', onError: console.error };
  const [writer, reader] = [
    connectDatabase({ ...settings, poolSize: 1 }),
    connectDatabase({ ...settings, poolSize: 4 }),
  ];
  const store = await openPostgresEventStore({ writer, reader, nodeId: 'bench', clock, sleep });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const codec = createEventCodec([{ type: EVENT_TYPE, version: 1 }], vault);
  const runner = createCommandRunner({ store, codec, ids, clock });

  const counter: Decider<null, number, { readonly type: string; readonly data: object }, never> = {
    aggregateType: 'Bench',
    initial: 0,
    decide: (_command, count) => ({ ok: true, value: [{ type: EVENT_TYPE, data: { ...exampleData, count } }] }),
    evolve: (count) => count + 1,
  };
  const hotStream = ids.next();
  const meta = { actor: 'system', correlationId: hotStream };

  async function appendTo(streamId: string, count: number): Promise<void> {
    const events = Array.from({ length: count }, (): NewEvent => ({
      id: ids.next(),
      type: EVENT_TYPE,
      schemaVersion: 1,
      data: exampleData,
    }));
    const { outcome } = await store.append({
      streams: [{ streamId, aggregateType: 'Bench', expected: 'none', events }],
      context: { actor: 'system', correlationId: streamId, parkId: 'ala-archa', occurredAtMs: clock.now() },
    });
    if (outcome !== 'stored') throw new Error(`an append was answered ${outcome}`);
  }
  const full = Array.from({ length: filled }, () => ids.next());
  await Promise.all(full.map((streamId) => appendTo(streamId, LENGTH)));
  let turn = 0;

  return {
    streams: () => appendTo(ids.next(), 1),
    async load() {
      turn += 1;
      const { events } = await store.load(full[turn % full.length] ?? '');
      const count = events.reduce((sum) => sum + 1, 0);
      if (count !== LENGTH) throw new Error(`a stream of ${count} events`);
    },
    async hot() {
      const done = await runner.run(counter, hotStream, null, meta);
      if (!done.ok) throw new Error('a command was refused');
    },
  };
}

let opened: Awaited<ReturnType<typeof open>> | null = null;

answerQuestions<AppendQuestion, Run>(async (question) => {
  if (question.kind === 'open') {
    opened = await open(question.url, question.streams ?? 0);
    return { operations: 0, seconds: 0 };
  }
  if (opened === null) throw new Error('the store was not opened');
  return drive(opened[question.kind], question.callers, question.seconds, question.aSecond);
});
