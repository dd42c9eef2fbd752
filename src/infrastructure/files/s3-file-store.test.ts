import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { LARGEST_FILE_BYTES, type FileStore } from '../../kernel/file-store.ts';
import { createS3FileStore, type S3Limits } from './s3-file-store.ts';

const LIMITS: S3Limits = {
  requestMs: 300,
  wholeMs: 2000,
  pauseMs: 1,
  longestPauseMs: 5,
  breakAfter: 20,
  breakMs: 60_000,
};

type Kept = { readonly body: Buffer; readonly checksum: string };

/** A service that keeps files in memory and does what `misbehave` says first; true: it has answered. */
class Service {
  readonly files = new Map<string, Kept>();
  requests = 0;
  misbehave: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (this.misbehave(request, response)) return;
    const key = request.url?.split('?')[0] ?? '';
    if (request.method === 'PUT') {
      this.files.set(key, { body: Buffer.concat(parts), checksum: String(request.headers['x-amz-meta-sha256']) });
      response.end();
      return;
    }
    const kept = this.files.get(key);
    if (kept === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'x-amz-meta-sha256': kept.checksum }).end(kept.body);
  }
}

async function started(limits: Partial<S3Limits> = {}): Promise<{ service: Service; store: FileStore }> {
  const service = new Service();
  const server = createServer((request, response) => void service.answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { endpoint, bucket: 'b', accessKey: 'a', secretKey: 's', region: 'r' };
  return { service, store: createS3FileStore(access, { limits: { ...LIMITS, ...limits } }) };
}

const bytes = Buffer.from('a picture');
const text = async (store: FileStore): Promise<string> => Buffer.from((await store.get('a/b')) ?? []).toString();

/** Misbehaves a number of times, then no more. */
const times = (count: number, misbehave: Service['misbehave']): Service['misbehave'] => {
  let left = count;
  return (request, response) => left-- > 0 && misbehave(request, response);
};

const busy: Service['misbehave'] = (_request, response) => response.writeHead(503).end() !== undefined;
const silent: Service['misbehave'] = () => true;
const broken: Service['misbehave'] = (request) => request.socket.destroy() !== undefined;

test.each([
  ['answers 503', busy],
  ['says nothing', silent],
  ['breaks the connection', broken],
])('a service that %s twice is tried again, and then is not: the store is away', async (_what, misbehave) => {
  const { service, store } = await started();
  service.misbehave = times(2, misbehave);
  await store.put('a/b', bytes);
  expect(await text(store)).toBe('a picture');
  service.misbehave = misbehave;
  service.requests = 0;
  await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
  expect(service.requests).toBe(3);
});

test('all tries together have a limit', async () => {
  const { service, store } = await started({ wholeMs: 100, requestMs: 60_000 });
  service.misbehave = silent;
  await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
  expect(service.requests).toBe(1);
});

test('a body that does not end has a limit too', async () => {
  const { service, store } = await started();
  service.misbehave = (_request, response) => response.writeHead(200).write('half a pic');
  await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
});

test('a service that failed again and again is left alone for a while', async () => {
  const { service, store } = await started({ breakAfter: 3, breakMs: 100 });
  service.misbehave = busy;
  await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
  service.requests = 0;
  await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
  expect(service.requests).toBe(0);
  service.misbehave = () => false;
  await expect.poll(() => store.get('a/b').catch(() => 'away')).toBeNull();
});

test('a refusal is not asked for again, and does not break the circuit', async () => {
  const { service, store } = await started({ breakAfter: 2 });
  service.misbehave = (_request, response) => response.writeHead(403).end() !== undefined;
  for (let round = 0; round < 3; round += 1) await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
  expect(service.requests).toBe(3);
});

test('a write that the service confirms and does not keep is none', async () => {
  const { service, store } = await started();
  service.misbehave = (request, response) => request.method === 'PUT' && response.end() !== undefined;
  await expect(store.put('a/b', bytes)).rejects.toThrow(StoreUnavailable);
});

test('a write that the service kept changed is none', async () => {
  const { service, store } = await started();
  const checksum = createHash('sha256').update(bytes).digest('hex');
  service.misbehave = (request, response) => {
    if (request.method !== 'PUT') return false;
    service.files.set('/b/a/b', { body: Buffer.from('a pict'), checksum });
    return response.end() !== undefined;
  };
  await expect(store.put('a/b', bytes)).rejects.toThrow(StoreUnavailable);
});

test('bytes that are not those that were kept are never handed out, and keep nobody from other files', async () => {
  const { service, store } = await started();
  await store.put('a/b', bytes);
  const { checksum } = service.files.get('/b/a/b') ?? { checksum: '' };
  service.files.set('/b/a/b', { body: Buffer.from('another picture'), checksum });
  service.requests = 0;
  for (let round = 0; round < 30; round += 1) await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
  expect(service.requests).toBe(30);
  await store.put('a/c', bytes);
});

test('more than is ever kept is not read on', async () => {
  const { service, store } = await started({ requestMs: 20_000, wholeMs: 20_000 });
  const body = Buffer.alloc(LARGEST_FILE_BYTES + 1);
  service.files.set('/b/a/b', { body, checksum: createHash('sha256').update(body).digest('hex') });
  await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
});
