import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frameOf } from './event-source.ts';
import type { EventSource, StreamEvent } from './event-source.ts';
import { fixtureInfo, startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';
import { DEFAULT_HTTP_CONFIG } from './http-config.ts';
import { openApiDocument } from './openapi.ts';
import { routeFaults } from './route-faults.ts';
import { defineRoute } from './route.ts';
import type { Route } from './route.ts';

type Count = { readonly count: number };

const streamOf = (source: (lastEventId: string | undefined) => EventSource<Count>): Route =>
  defineRoute({
    method: 'GET',
    path: '/counts/stream',
    operationId: 'streamCounts',
    summary: 'Counts as they change',
    tag: 'Things',
    access: { kind: 'public', token: 'optional' },
    responses: {
      200: {
        description: 'Counts.',
        events: Type.Object({ count: Type.Integer() }, { $id: 'Count' }),
        example: { count: 1 },
      },
    },
    problems: [],
    handle: async ({ lastEventId }) => ({ status: 200, events: source(lastEventId) }),
  });

async function* waitForEnd(leaving: AbortSignal): AsyncGenerator<StreamEvent<Count>> {
  yield { data: { count: 1 } };
  if (!leaving.aborted) await once(leaving, 'abort');
}

type Started = { readonly fixture: Fixture; readonly url: string; readonly port: number };

async function start(
  source: (lastEventId: string | undefined) => EventSource<Count>,
  streams: Partial<(typeof DEFAULT_HTTP_CONFIG)['streams']> = {},
): Promise<Started> {
  const fixture = await startFixture({
    routes: [streamOf(source)],
    httpConfig: { streams: { ...DEFAULT_HTTP_CONFIG.streams, ...streams } },
  });
  onTestFinished(() => fixture.drain());
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  const address = fixture.app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { fixture, port, url: `http://127.0.0.1:${port}/api/v1/counts/stream` };
}

/** Opens a stream; it stays open until the server ends it or the test leaves. */
async function open(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const sent = request(url, { headers, method, agent: false });
  sent.on('error', () => undefined).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no answer');
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  response.on('error', () => undefined);
  const readUntil = async (enough: (text: string) => boolean): Promise<string> => {
    await until(() => enough(text) || response.closed);
    return text;
  };
  return { status: response.statusCode, response, readUntil, leave: () => sent.destroy() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

describe('an event on the wire', () => {
  test('is its id, its name and its data as JSON, each on one line', () => {
    expect(frameOf({ id: '7', event: 'count', data: { text: 'a\nb' } })).toBe(
      'id: 7\nevent: count\ndata: {"text":"a\\nb"}\n\n',
    );
  });

  test('a line break cannot forge a field', () => {
    expect(frameOf({ id: '7\ndata: forged', data: 1 })).toBe('id: 7 data: forged\ndata: 1\n\n');
  });
});

describe('a stream', () => {
  test('answers events as they come, and ends when its source does', async () => {
    const { url } = await start(
      () =>
        async function* source() {
          yield { id: '1', data: { count: 1 } };
          yield { id: '2', event: 'count', data: { count: 2 } };
        },
    );
    const { response, status, readUntil } = await open(url, { accept: 'text/event-stream' });
    expect(status).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(await readUntil(() => false)).toBe(
      'retry: 3000\n\nid: 1\ndata: {"count":1}\n\nid: 2\nevent: count\ndata: {"count":2}\n\n',
    );
  });

  test('tells its handler the last event that the client has seen', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await start((lastEventId) => {
      seen.push(lastEventId);
      return async function* source() {
        yield { data: { count: 0 } };
      };
    });
    for (const headers of [{}, { 'last-event-id': '41' }, { 'last-event-id': 'x'.repeat(201) }])
      await (await open(url, headers)).readUntil(() => false);
    expect(seen).toEqual([undefined, '41', undefined]);
  });

  test('shows that it lives while nothing happens', async () => {
    const { url } = await start(() => waitForEnd, { heartbeatMs: 20 });
    const { readUntil, leave } = await open(url);
    expect(await readUntil((text) => text.split(': still here\n\n').length > 2)).toContain('data: {"count":1}');
    leave();
  });

  test('tells its source when the client leaves', async () => {
    const leavings: AbortSignal[] = [];
    const { url } = await start(() => (leaving) => {
      leavings.push(leaving);
      return waitForEnd(leaving);
    });
    const { readUntil, leave } = await open(url);
    await readUntil((text) => text.includes('data'));
    expect(leavings.map(({ aborted }) => aborted)).toEqual([false]);
    leave();
    await until(() => leavings[0]?.aborted === true);
  });

  test('ends when the server drains, and does not hold it up', async () => {
    const { url, fixture } = await start(() => waitForEnd);
    const { readUntil } = await open(url);
    await readUntil((text) => text.includes('data'));
    const started = performance.now();
    const drained = fixture.drain();
    expect(await readUntil(() => false)).toContain('data: {"count":1}');
    await drained;
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('whose source fails is cut, and what failed is logged', async () => {
    const { url, fixture } = await start(
      () =>
        async function* source(leaving) {
          yield { data: { count: 1 } };
          await sleep(50, undefined, { signal: leaving });
          throw new Error('the source broke');
        },
    );
    const { response, readUntil } = await open(url);
    expect(await readUntil(() => false)).toContain('data: {"count":1}');
    expect(response.complete).toBe(false);
    expect(fixture.lines.join('')).toContain('the source broke');
  });

  test('whose source fails before anything is sent is answered as a failure of ours', async () => {
    const { url, fixture } = await start(() => () => {
      throw new Error('the source broke');
    });
    expect((await open(url)).status).toBe(500);
    expect(fixture.lines.join('')).toContain('the source broke');
  });

  test('asks its source for no more than a client takes that does not read', async () => {
    let asked = 0;
    const { port } = await start(
      () =>
        async function* source(leaving) {
          while (!leaving.aborted) {
            yield { data: { count: (asked += 1) } };
          }
        },
    );
    const socket = connect({ host: '127.0.0.1', port }, () =>
      socket.pause().write('GET /api/v1/counts/stream HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    socket.on('error', () => undefined);
    let before = -1;
    while (before !== asked || asked === 0) {
      before = asked;
      await sleep(200);
    }
    // What kernel and server buffer, and not more than that: a source is never exhausted by one slow reader.
    expect(asked).toBeLessThan(2_000_000);
    socket.destroy();
  });

  test('is refused to a client that holds as many as it may, until one is closed', async () => {
    const { url } = await start(() => waitForEnd, { perAccount: 2, perAddress: 3 });
    const aida = { authorization: 'Bearer aida' };
    const first = await open(url, aida);
    await open(url, aida);
    const refused = await open(url, aida);
    expect(refused.status).toBe(429);
    expect(refused.response.headers['retry-after']).toBe('1');
    expect((await open(url, { authorization: 'Bearer bek' })).status).toBe(200);
    const anonymous = [await open(url), await open(url), await open(url), await open(url)];
    expect(anonymous.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    first.leave();
    while ((await open(url, aida)).status !== 200) await sleep(10);
  });

  test('is refused to anybody when the server holds as many as it may', async () => {
    const { url } = await start(() => waitForEnd, { inAll: 2 });
    const statuses: unknown[] = [];
    for (const name of ['aida', 'bek', 'gate'])
      statuses.push((await open(url, { authorization: `Bearer ${name}` })).status);
    expect(statuses).toEqual([200, 200, 503]);
  });

  test('is not opened by HEAD', async () => {
    let opened = 0;
    const { url } = await start(() => (leaving) => {
      opened += 1;
      return waitForEnd(leaving);
    });
    const { status, response } = await open(url, {}, 'HEAD');
    expect([status, response.headers['content-type'], opened]).toEqual([200, 'text/event-stream; charset=utf-8', 0]);
  });

  test('is documented with the schema of its events and the header that takes it up again', () => {
    const route = streamOf(() => waitForEnd);
    expect(routeFaults([route])).toEqual([]);
    const document = JSON.stringify(openApiDocument([route], fixtureInfo));
    expect(document).toContain('"text/event-stream"');
    expect(document).toContain('"x-event-data":{"$ref":"#/components/schemas/Count"}');
    expect(document).toContain('"name":"Last-Event-ID"');
  });
});
