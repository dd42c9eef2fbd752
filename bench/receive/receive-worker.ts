import type { SealedSegment } from '../../src/kernel/replication.ts';
import type { Run } from '../harness/contest.ts';
import { product } from '../harness/product.ts';
import { answerQuestions } from '../harness/worker.ts';
import { EVENT_TYPE } from '../append/database.ts';
import { exampleData } from '../append/example-event.ts';

/** Segments a park may have sent without an answer. */
const WINDOW = 4;

export type ReceiveQuestion = {
  readonly kind: 'open' | 'receive';
  readonly url: string;
  /** How many events the park wrote. */
  readonly events: number;
};
export type ReceiveAnswer = Run & { readonly peakMebibytes: number };

/** What a park wrote, in signed segments: every event on a stream of its own. */
async function segmentsOf(count: number): Promise<readonly SealedSegment[]> {
  const { createMemoryNode } = await product.memoryStore();
  const { systemClock: clock } = await product.clock();
  const { systemIds: ids } = await product.ids();
  const { store, replication } = createMemoryNode({ clock, nodeId: 'park-ala-archa' });
  for (let index = 0; index < count; index += 1) {
    const event = { id: ids.next(), type: EVENT_TYPE, schemaVersion: 1, data: exampleData };
    await store.append({
      commandId: ids.next(),
      streams: [{ streamId: ids.next(), aggregateType: 'Bench', expected: 'none', events: [event] }],
      context: { actor: 'system', correlationId: event.id, parkId: 'ala-archa', occurredAtMs: clock.now() },
    });
  }
  await replication.seal({ keyId: 'bench', sign: async () => 'none' });
  const { incarnation } = await replication.head();
  return replication.segmentsAfter(incarnation, 0, { segments: count });
}

async function open({ url, events }: ReceiveQuestion): Promise<() => Promise<void>> {
  const { connectDatabase } = await product.database();
  const { createPostgresReplicationLog } = await product.replication();
  const { systemClock: clock } = await product.clock();
  const segments = await segmentsOf(events);
  const settings = { url, role: 'skypark_app', applicationName: 'skypark-bench', onError: console.error };
  const replication = createPostgresReplicationLog(connectDatabase({ ...settings, poolSize: 2 }), clock);
  const receive = async (segment: SealedSegment): Promise<void> => {
    const peer = { peerNodeId: segment.header.nodeId, lastContactMs: clock.now() };
    const answer = await replication.receive({ events: segment.events, chain: segment.header, segment, peer });
    if (answer.outcome !== 'stored') throw new Error(`a segment was answered ${answer.outcome}`);
  };
  return async () => {
    const underway: Promise<void>[] = [];
    for (const segment of segments) {
      if (underway.length === WINDOW) await underway.shift();
      underway.push(receive(segment));
    }
    await Promise.all(underway);
  };
}

let receiveAll: (() => Promise<void>) | null = null;

answerQuestions<ReceiveQuestion, ReceiveAnswer>(async (question) => {
  receiveAll ??= await open(question);
  const startedMs = performance.now();
  if (question.kind === 'receive') await receiveAll();
  const seconds = (performance.now() - startedMs) / 1000;
  return { operations: question.events, seconds, peakMebibytes: process.resourceUsage().maxRSS / 1024 };
});
