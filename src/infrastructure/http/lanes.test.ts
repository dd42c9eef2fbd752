import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Type } from 'typebox';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFixture } from './http-fixture.ts';
import { laneOf } from './lanes.ts';
import { defineRoute, type Route } from './route.ts';

const held: (() => void)[] = [];

/** A route that answers when the test lets it. */
const waiting = (operationId: string, more: Pick<Partial<Route>, 'limits'> = {}): Route =>
  defineRoute({
    method: 'GET',
    path: `/${operationId}`,
    operationId,
    summary: 'Waits',
    tag: 'Things',
    access: { kind: 'public' },
    problems: [],
    responses: { 200: { description: 'Done', schema: Type.Object({ text: Type.String() }), example: { text: '' } } },
    async handle() {
      await new Promise<void>((resolve) => held.push(resolve));
      return { status: 200, body: { text: 'x'.repeat(20) } };
    },
    ...more,
  });

const LANES = { gates: 2, machines: 2, others: 3 };

async function start(more: object = {}) {
  const routes = [waiting('sale'), waiting('scan', { limits: ['gate'] })];
  const fixture = await startFixture({ routes, httpConfig: { lanes: LANES, ...more } });
  onTestFinished(async () => {
    held.splice(0).forEach((go) => go());
    await fixture.app.close();
  });
  const ask = (name: string) => fixture.app.inject({ method: 'GET', url: `/api/v1/${name}` });
  return { fixture, ask };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a full lane is told at once to come again, another one goes on, and room is there when answers are out', async () => {
  const { ask } = await start();
  const sales = Array.from({ length: 10 }, () => ask('sale'));
  await soon();
  expect(held).toHaveLength(LANES.others);
  const shed = await Promise.all(sales.slice(LANES.others));
  for (const answer of shed) {
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'busy']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  }
  const scan = ask('scan');
  await soon();
  expect(held).toHaveLength(LANES.others + 1);
  held.splice(0).forEach((go) => go());
  expect((await Promise.all([scan, ...sales.slice(0, LANES.others)])).map(({ statusCode }) => statusCode)).toEqual([
    200, 200, 200, 200,
  ]);
  const later = ask('sale');
  await soon();
  held.splice(0).forEach((go) => go());
  expect((await later).statusCode).toBe(200);
});

test('probes are answered whatever is under way', async () => {
  const { ask, fixture } = await start();
  void Array.from({ length: 10 }, () => ask('sale'));
  await soon();
  const probe = await fixture.app.inject({ method: 'GET', url: '/health/live' });
  expect(probe.statusCode).toBe(200);
});

test('what was shed and what is under way is counted by lane', async () => {
  const { ask, fixture } = await start();
  void Array.from({ length: 5 }, () => ask('sale'));
  await soon();
  const { body } = await fixture.app.inject({ method: 'GET', url: '/metrics' });
  expect(body).toContain('http_requests_shed_total{lane="others"} 2');
  expect(body).toContain('http_requests_under_way{lane="others"} 3');
});

test('who reads an answer drop by drop is cut, and its place in the lane is free', async () => {
  const routes = [
    defineRoute({
      method: 'GET',
      path: '/long',
      operationId: 'long',
      summary: 'Is long',
      tag: 'Things',
      access: { kind: 'public' },
      problems: [],
      responses: { 200: { description: 'Text', contentTypes: ['text/plain'] } },
      handle: async () => ({ status: 200, body: 'x'.repeat(50_000_000), contentType: 'text/plain' }),
    }),
  ];
  const fixture = await startFixture({ routes, httpConfig: { lanes: LANES, answerLimitMs: 1_000 } });
  onTestFinished(() => fixture.app.close());
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = fixture.app.server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port }, () =>
    socket.write('GET /api/v1/long HTTP/1.1\r\nHost: x\r\n\r\n'),
  );
  let read = 0;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    read += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 100);
  });
  await closed;
  expect(read).toBeLessThan(50_000_000);
});

/** Requests under way in a lane. */
async function underWay(fixture: Awaited<ReturnType<typeof startFixture>>, lane: string): Promise<number> {
  const { body } = await fixture.app.inject({ method: 'GET', url: '/metrics' });
  return Number(new RegExp(`^http_requests_under_way\\{lane="${lane}"\\} (\\d+)$`, 'm').exec(body)?.[1]);
}

async function connectTo({ app }: Awaited<ReturnType<typeof startFixture>>): Promise<Socket> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('requests that wait behind another one on a connection leave their lane with it', async () => {
  const { fixture } = await start();
  const socket = await connectTo(fixture);
  socket.write('GET /api/v1/scan HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(LANES.gates));
  await vi.waitFor(async () => expect(await underWay(fixture, 'gates')).toBe(LANES.gates));
  socket.destroy();
  await vi.waitFor(async () => expect(await underWay(fixture, 'gates')).toBe(0));
});

test('a body that does not come keeps nobody out', async () => {
  const order = defineRoute({
    method: 'POST',
    path: '/order',
    operationId: 'order',
    summary: 'Takes a body',
    tag: 'Things',
    access: { kind: 'public' },
    problems: [],
    body: Type.Object({}),
    bodyExample: {},
    responses: { 204: { description: 'Done' } },
    handle: async () => ({ status: 204 }),
  });
  const fixture = await startFixture({ routes: [order], httpConfig: { lanes: LANES } });
  onTestFinished(() => fixture.app.close());
  const socket = await connectTo(fixture);
  const head = ['POST /api/v1/order HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 9'];
  socket.write(`${head.join('\r\n')}\r\n\r\n{`);
  await soon();
  expect(await underWay(fixture, 'others')).toBe(0);
  socket.destroy();
});

test('gates and machines have lanes of their own', () => {
  const lane = (more: Partial<Route>) => laneOf({ tag: 'Things', limits: [], responses: {}, ...more });
  expect(lane({})).toBe('others');
  expect(lane({ limits: ['gate'] })).toBe('gates');
  expect([lane({ limits: ['webhook'] }), lane({ limits: ['sync'] })]).toEqual(['machines', 'machines']);
  expect([
    lane({ tag: 'operations' }),
    lane({ responses: { 200: { description: '', events: Type.Null(), example: null } } }),
  ]).toEqual(['free', 'free']);
});
