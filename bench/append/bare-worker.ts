import { Client } from 'pg';
import type { Run } from '../harness/contest.ts';
import { latenciesOf } from '../harness/statistics.ts';
import { answerQuestions } from '../harness/worker.ts';
import { BARE_INSERT } from './database.ts';

export type BareQuestion =
  | { readonly kind: 'open'; readonly url: string; readonly connections: number }
  | { readonly kind: 'run'; readonly callers: number; readonly seconds: number };

const clients: Client[] = [];

async function insertUntil(client: Client, endMs: number, waitsMs: number[]): Promise<void> {
  for (let fromMs = performance.now(); fromMs < endMs;) {
    await client.query({ name: 'bare', text: BARE_INSERT });
    const nowMs = performance.now();
    waitsMs.push(nowMs - fromMs);
    fromMs = nowMs;
  }
}

// Stands in for pgbench: the driver's prepared one-row insert, a connection a caller.
answerQuestions<BareQuestion, Run>(async (question) => {
  if (question.kind === 'open') {
    for (let count = 0; count < question.connections; count += 1) {
      const client = new Client({ connectionString: question.url });
      await client.connect();
      clients.push(client);
    }
    return { operations: 0, seconds: 0 };
  }
  const waitsMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + question.seconds * 1000;
  await Promise.all(clients.slice(0, question.callers).map((client) => insertUntil(client, endMs, waitsMs)));
  return { operations: waitsMs.length, seconds: (performance.now() - startedMs) / 1000, ...latenciesOf(waitsMs) };
});
