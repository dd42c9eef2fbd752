import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Run } from '../harness/contest.ts';
import { drive } from '../harness/drive.ts';
import { answerQuestions } from '../harness/worker.ts';
import { exampleData } from '../append/example-event.ts';

export type EmmettQuestion =
  | { readonly kind: 'open'; readonly url: string; readonly folder: string; readonly streams: number }
  | { readonly kind: 'append' | 'load'; readonly callers: number; readonly seconds: number };

type EmmettEvent = { readonly type: string; readonly data: object };

/** As much of its store as is used here. */
type EmmettStore = {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(stream: string, events: readonly EmmettEvent[]): Promise<unknown>;
  aggregateStream<State>(
    stream: string,
    fold: { readonly evolve: (state: State) => State; readonly initialState: () => State },
  ): Promise<{ readonly state: State }>;
};

/** How many events a stream has that is loaded. */
const LENGTH = 20;

async function open({ url, folder, streams }: Extract<EmmettQuestion, { kind: 'open' }>) {
  const file = createRequire(join(folder, 'package.json')).resolve('@event-driven-io/emmett-postgresql');
  const { getPostgreSQLEventStore } = (await import(pathToFileURL(file).href)) as {
    getPostgreSQLEventStore(url: string): EmmettStore;
  };
  const store = getPostgreSQLEventStore(url);
  await store.schema.migrate();
  const event = { type: 'BenchHappened', data: exampleData };
  const names = Array.from({ length: streams }, () => randomUUID());
  for (const name of names) {
    await store.appendToStream(
      name,
      Array.from({ length: LENGTH }, () => event),
    );
  }
  let turn = 0;
  return {
    async append() {
      await store.appendToStream(randomUUID(), [event]);
    },
    async load() {
      turn += 1;
      const name = names[turn % names.length] ?? '';
      const { state } = await store.aggregateStream<number>(name, {
        evolve: (count) => count + 1,
        initialState: () => 0,
      });
      if (state !== LENGTH) throw new Error(`a stream of ${state} events`);
    },
  };
}

let opened: Awaited<ReturnType<typeof open>> | null = null;

answerQuestions<EmmettQuestion, Run>(async (question) => {
  if (question.kind === 'open') {
    opened = await open(question);
    return { operations: 0, seconds: 0 };
  }
  if (opened === null) throw new Error('the store was not opened');
  return drive(opened[question.kind], question.callers, question.seconds);
});
