import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Run } from '../harness/contest.ts';
import { product } from '../harness/product.ts';
import { answerQuestions } from '../harness/worker.ts';
import { BENCH_PROJECTION } from '../append/database.ts';

export type ReplayQuestion = { readonly kind: 'copy' | 'fold' | 'rebuild'; readonly url: string };
export type ReplayAnswer = Run & { readonly peakMebibytes: number };

/** Events of one read. */
const PAGE = 1_000;

const works: Record<ReplayQuestion['kind'], (url: string) => Promise<number>> = {
  /** All rows in their order, which the driver throws away. */
  async copy(url) {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rowCount } = await client.query('copy (select * from store.event order by position) to stdout');
      return rowCount ?? 0;
    } finally {
      await client.end();
    }
  },
  /** Page by page through the store, a checkpoint a page. */
  async fold(url) {
    const { connectDatabase } = await product.database();
    const { openPostgresEventStore } = await product.eventStore();
    const { systemClock: clock } = await product.clock();
    const settings = {
      url,
      role: 'skypark_app',
      applicationName: 'skypark-bench',
      onError: console.error,
      poolSize: 1,
    };
    const [writer, reader] = [connectDatabase(settings), connectDatabase(settings)];
    const checkpoints = new Client({ connectionString: url });
    await checkpoints.connect();
    await checkpoints.query('create table if not exists bench.checkpoint (position bigint not null)');
    await checkpoints.query('insert into bench.checkpoint select 0 where not exists (select from bench.checkpoint)');
    try {
      const store = await openPostgresEventStore({ writer, reader, nodeId: 'bench', clock, sleep });
      const places = new Map<string, number>();
      let position = 0;
      let events = await store.read(position, PAGE);
      while (events.length > 0) {
        position = events.at(-1)?.position ?? position;
        // The next page is on its way while this one is folded.
        const next = store.read(position, PAGE);
        for (const { data, parkId } of events) {
          const key = `${parkId}/${JSON.stringify(data['visitDate'])}`;
          places.set(key, (places.get(key) ?? 0) + Number(data['places']));
        }
        await checkpoints.query({
          name: 'save',
          text: 'update bench.checkpoint set position = $1',
          values: [position],
        });
        events = await next;
      }
      await store.close();
      return position;
    } finally {
      await checkpoints.end();
      await writer.close();
      await reader.close();
    }
  },
  /** A read model made anew beside the live one, and swapped in. */
  async rebuild(url) {
    const { connectDatabase } = await product.database();
    const { rebuildProjection } = await product.projections();
    const database = connectDatabase({ url, poolSize: 1, applicationName: 'skypark-bench', onError: console.error });
    try {
      return await rebuildProjection(database, BENCH_PROJECTION);
    } finally {
      await database.close();
    }
  },
};

answerQuestions<ReplayQuestion, ReplayAnswer>(async ({ kind, url }) => {
  const startedMs = performance.now();
  const operations = await works[kind](url);
  const seconds = (performance.now() - startedMs) / 1000;
  return { operations, seconds, peakMebibytes: process.resourceUsage().maxRSS / 1024 };
});
