import { mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startFixture } from './http-fixture.ts';
import { problem } from './problem.ts';
import { defineRoute } from './route.ts';
import { receiveUpload } from './upload.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skypark-upload-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

test('an upload can be read twice, has its hash, and leaves no name on the disk', async () => {
  const text = 'line\n'.repeat(50_000);
  const upload = await receiveUpload(Readable.from([text.slice(0, 9), text.slice(9)].map(Buffer.from)), folder, 1e6);
  expect(await readdir(folder)).toEqual([]);
  if (upload === null) throw new Error('it is small enough');
  expect(await textOf(upload.chunks())).toBe(text);
  expect(await textOf(upload.chunks())).toBe(text);
  expect(upload.sha256).toEqual(createHash('sha256').update(text).digest());
  await upload.close();
});

test('a disk that takes only a part of a write at a time gets all of it', async () => {
  const any = await open(join(folder, 'any'), 'w');
  const handles = Object.getPrototypeOf(any) as FileHandle;
  await any.close();
  await rm(join(folder, 'any'));
  const whole = Reflect.get(handles, 'write') as (bytes: Uint8Array) => Promise<unknown>;
  const spy = vi.spyOn(handles, 'write').mockImplementation(function part(this: FileHandle, bytes: unknown) {
    return whole.call(this, (bytes as Buffer).subarray(0, 4)) as never;
  });
  onTestFinished(() => spy.mockRestore());
  const upload = await receiveUpload(Readable.from([Buffer.from('reference,amount')]), folder, 1000);
  expect(upload === null ? '' : await textOf(upload.chunks())).toBe('reference,amount');
  await upload?.close();
});

const route = defineRoute({
  method: 'POST',
  path: '/uploads',
  operationId: 'upload',
  summary: 'Take a file',
  tag: 'Things',
  access: { kind: 'user' },
  bodyTypes: ['text/csv'],
  bodyExample: 'a,b',
  isUpload: true,
  bodyLimitBytes: 1000,
  responses: { 200: { description: 'Taken.', schema: Type.Object({ text: Type.String() }), example: { text: 'a' } } },
  problems: ['validation_failed'],
  handle: async ({ upload }) =>
    upload === undefined
      ? problem('validation_failed')
      : { status: 200, body: { text: await textOf(upload.chunks()) } },
});

async function sendTo(payload: string | Readable, type = 'text/csv', token = 'aida') {
  const { app } = await startFixture({ routes: [route], httpConfig: { uploadFolder: join(folder, 'made') } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const answer = await app.inject({ method: 'POST', url: '/api/v1/uploads', headers, payload });
  await app.close();
  return { status: answer.statusCode, body: answer.body };
}

test.each([
  ['a file', 'a,b', 'text/csv; charset=utf-8', 200],
  ['a file of the largest size', 'x'.repeat(1000), 'text/csv', 200],
  ['a larger one that says so', 'x'.repeat(1001), 'text/csv', 413],
  ['another type', '{}', 'application/json', 415],
])('%s is answered', async (_what, payload, type, status) => {
  expect((await sendTo(payload, type)).status).toBe(status);
});

test('a larger one that does not say so is refused as soon as it is', async () => {
  const parts = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(100, 'x')));
  expect((await sendTo(parts)).status).toBe(413);
});

test('nothing is written down of who may not come in', async () => {
  expect((await sendTo('a,b', 'text/csv', 'nobody')).status).toBe(401);
});
