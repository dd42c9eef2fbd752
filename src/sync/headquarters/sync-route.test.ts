import { gzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { fixtureInfo, startFixture } from '../../infrastructure/http/http-fixture.ts';
import { createWorkQueue, type WorkQueue } from '../../infrastructure/work-queue.ts';
import { refuse } from '../../kernel/result.ts';
import { createToyVoices } from '../park/toy-registry.suite.ts';
import { sessionRoute } from './sync-route.ts';

const clock = createManualClock(1_000_000);
const session = {
  nodeId: 'park-osh',
  parkId: 'osh',
  incarnation: 'life',
  process: 'start',
  protocol: 1,
  keyId: '0a0a0a0a',
};
const fewTurns = (): WorkQueue => createWorkQueue({ concurrency: 1, maxWaiting: 1, longestWaitMs: 1_000 }, clock);

/** A route for large bodies; `good` is the only session there is. */
async function open(turns: WorkQueue) {
  const handled: unknown[] = [];
  const route = sessionRoute(
    { sessions: { read: (token) => (token === 'good' ? session : null) }, voices: createToyVoices(), clock },
    {
      path: '/push',
      operationId: 'push',
      summary: 'Push',
      description: 'Takes segments.',
      body: Type.Object({ segments: Type.Array(Type.Object({ seq: Type.Integer() }), { maxItems: 64 }) }),
      bodyExample: { segments: [] },
      large: { turns },
      handle: async (whose, body) => (handled.push([whose.nodeId, body]), { taken: true }),
    },
  );
  const info = { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'sync', description: 'Nodes' }] };
  const { app } = await startFixture({ routes: [route], info, clock });
  onTestFinished(() => app.close());
  return {
    handled,
    async push(payload: Buffer, shown = 'good') {
      const headers = { 'content-type': 'application/gzip', 'sync-session': shown };
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/sync/v1/push', payload, headers });
      return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
    },
  };
}

const packed = (text: string): Buffer => gzipSync(text);
const good = packed('{"segments":[{"seq":1}]}');
/** Three megabytes of the dearest JSON that there is, in three kilobytes. */
const bomb = packed(`{"segments":[[]${',[]'.repeat(1_000_000)}]}`);

test('a body is unpacked for a session only', async () => {
  let unpacked = 0;
  const turns = fewTurns();
  const { push, handled } = await open({ run: (work) => ((unpacked += 1), turns.run(work)) });
  expect((await push(bomb, 'a.guess')).status).toBe(403);
  expect([unpacked, handled]).toEqual([0, []]);
  expect((await push(good)).status).toBe(200);
  expect([unpacked, handled]).toEqual([1, [['park-osh', { segments: [{ seq: 1 }] }]]]);
});

test('of a body with millions of values none is made', async () => {
  const { push, handled } = await open(fewTurns());
  const { status, body } = await push(bomb);
  expect([status, body['code'], body['detail']]).toEqual([
    400,
    'malformed_body',
    'The body holds more than 1000000 values.',
  ]);
  const many = packed(`{"segments":[[]${',[]'.repeat(100_000)}]}`);
  expect(await push(many)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  expect(handled).toEqual([]);
});

test('what finds no turn to be unpacked comes again', async () => {
  const { push, handled } = await open({ run: async () => refuse({ code: 'busy' }) });
  expect(await push(good)).toMatchObject({ status: 503, body: { code: 'busy' } });
  expect(handled).toEqual([]);
});
