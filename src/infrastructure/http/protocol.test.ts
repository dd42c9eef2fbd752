import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';

let fixture: Fixture;
let port = 0;
beforeAll(async () => {
  fixture = await startFixture({
    httpConfig: { headersTimeoutMs: 500, readTimeoutMs: 700, writeTimeoutMs: 1_500, keepAliveTimeoutMs: 5_000 },
  });
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  const address = fixture.app.server.address();
  port = typeof address === 'object' && address !== null ? (address satisfies AddressInfo).port : 0;
});
afterAll(() => fixture.app.close());

/** Sends bytes as they are and reads until the server closes the connection. */
function exchange(write: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => write(socket));
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

const raw = (...lines: string[]): Promise<string> => exchange((socket) => void socket.write(lines.join('\r\n')));

function expectProblem(answer: string, status: number, code: string): void {
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain(`"code":"${code}"`);
  expect(answer.toLowerCase()).toContain('x-request-id: ');
  expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
  expect(answer.toLowerCase()).toContain('connection: close');
}

const POST = [
  'POST /api/v1/things HTTP/1.1',
  'Host: x',
  'Authorization: Bearer aida',
  'Content-Type: application/json',
];
const LAST = 'Connection: close';

describe('malformed HTTP', () => {
  test.each([
    [
      'a Content-Length beside Transfer-Encoding',
      [...POST, 'Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', ''],
    ],
    ['two Content-Lengths', [...POST, 'Content-Length: 4', 'Content-Length: 5', '', 'abcd']],
    ['an unknown method token', ['FOO /api/v1/things HTTP/1.1', 'Host: x', '', '']],
    ['a broken header', ['GET / HTTP/1.1', 'Host x', '', '']],
    ['a space in a header name', ['GET / HTTP/1.1', 'Host: x', 'Foo : bar', '', '']],
    ['a broken chunk size', [...POST, 'Transfer-Encoding: chunked', '', 'zz', '', '']],
    ['binary noise', ['\u0016\u0003\u0001\u0002\u0000\u0001', '', '']],
  ])('%s is 400 and the connection closes', async (_what, lines) => {
    expectProblem(await raw(...lines), 400, 'malformed_body');
  });

  test('a missing Host is 400', async () => {
    expect(await raw('GET /api/v1/things HTTP/1.1', LAST, '', '')).toMatch(
      /^HTTP\/1\.1 400 [^]*The Host header is missing/,
    );
  });

  test('a second Host is 400, even the same one', async () => {
    expect(await raw('GET /api/v1/things HTTP/1.1', 'Host: x', 'hOST: x', LAST, '', '')).toMatch(
      /^HTTP\/1\.1 400 [^]*more than one Host header/,
    );
  });

  test('20 KB of headers are 431', async () => {
    expectProblem(
      await raw('GET / HTTP/1.1', 'Host: x', `X-Big: ${'a'.repeat(20_000)}`, '', ''),
      431,
      'headers_too_large',
    );
  });

  test('TRACE is 405 with Allow, CONNECT is 405, another known method too', async () => {
    expect(await raw('TRACE /api/v1/things HTTP/1.1', 'Host: x', LAST, '', '')).toMatch(
      /^HTTP\/1\.1 405 [^]*allow: GET, HEAD, POST/i,
    );
    expect(await raw('PROPFIND /api/v1/things HTTP/1.1', 'Host: x', LAST, '', '')).toMatch(/^HTTP\/1\.1 405 /);
    expectProblem(await raw('CONNECT example.org:443 HTTP/1.1', 'Host: x', '', ''), 405, 'method_not_allowed');
  });

  test('an expectation that nobody knows is 417', async () => {
    expect(await raw(...POST, 'Expect: magic', 'Content-Length: 2', LAST, '', '{}')).toMatch(
      /^HTTP\/1\.1 417 [^]*expectation_failed/,
    );
  });
});

describe('bodies on the wire', () => {
  test('a declared length over the limit is 413 before the body is sent', async () => {
    expect(await raw(...POST, 'Content-Length: 999999999', '', '')).toMatch(/^HTTP\/1\.1 413 [^]*payload_too_large/);
  });

  test('an endless chunked body is 413 and the connection closes', async () => {
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const answer = await exchange((socket) => {
      socket.write([...POST, 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
      const timer = setInterval(() => (socket.writable ? socket.write(chunk.repeat(4)) : clearInterval(timer)), 5);
      socket.on('close', () => clearInterval(timer));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*payload_too_large/);
  });

  test('a good request in single bytes is served', async () => {
    const payload = JSON.stringify({ children: [{ name: 'A', birth_date: '2020-01-01' }] });
    const text = [...POST, `Content-Length: ${payload.length}`, LAST, '', payload].join('\r\n');
    const answer = await exchange((socket) => {
      socket.setNoDelay(true);
      for (const byte of text) socket.write(byte);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  });
});

const CHUNKED = ['Host: x', 'Transfer-Encoding: chunked', '', ''];

/** Sends a head and then chunks without end, as fast as they are taken or one every `everyMs`. */
function endlessBody(head: readonly string[], everyMs = 0): Promise<string> {
  const chunk = everyMs === 0 ? `4000\r\n${' '.repeat(0x4000)}\r\n` : '1\r\n \r\n';
  return exchange((socket) => {
    socket.write(head.join('\r\n'));
    const timer = setInterval(() => {
      while (socket.writable && socket.write(chunk) && everyMs === 0);
    }, everyMs || 1);
    socket.on('close', () => clearInterval(timer));
  });
}

/** How many bytes the server reads from the next connection. */
const bytesOfNextConnection = (): Promise<number> =>
  new Promise((resolve) =>
    fixture.app.server.once('connection', (socket) => socket.on('close', () => resolve(socket.bytesRead))),
  );

const answersIn = (text: string): number => text.split('HTTP/1.1 ').length - 1;

describe('a body that nobody reads', () => {
  test.each([
    ['404', ['POST /nowhere HTTP/1.1', ...CHUNKED]],
    ['400', ['POST /api/v1/%zz HTTP/1.1', ...CHUNKED]],
    ['401', ['POST /api/v1/things HTTP/1.1', ...CHUNKED]],
    ['415', ['POST /api/v1/things HTTP/1.1', 'Authorization: Bearer aida', 'Content-Type: text/xml', ...CHUNKED]],
    ['415', ['POST /api/v1/things HTTP/1.1', 'Authorization: Bearer aida', ...CHUNKED]],
    ['417', ['POST /api/v1/things HTTP/1.1', 'Expect: magic', ...CHUNKED]],
    ['200', ['GET /api/v1/things HTTP/1.1', ...CHUNKED]],
  ])('behind a %s is left unread soon, and the connection closes (%j)', async (status, head) => {
    const wasRead = bytesOfNextConnection();
    const started = performance.now();
    const answer = await endlessBody(head);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answersIn(answer)).toBe(1);
    expect(await wasRead).toBeLessThan(1_000_000);
  });

  test('gets no second answer for being slow', async () => {
    const started = performance.now();
    const answer = await endlessBody(['POST /nowhere HTTP/1.1', ...CHUNKED], 20);
    expect(performance.now() - started).toBeLessThan(1_500);
    expect([answersIn(answer), answer.includes(' 404 ')]).toEqual([1, true]);
  });

  test('does not cost a client its answer that sends everything before it reads', async () => {
    const answer = await exchange((socket) => {
      socket.pause();
      socket.write(['POST /nowhere HTTP/1.1', 'Host: x', 'Content-Length: 200000', '', ''].join('\r\n'));
      setTimeout(() => socket.write('x'.repeat(200_000), () => socket.resume()), 100);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 404 [^]*"code":"not_found"/);
  });

  test('is the end of its connection: a request behind it does not run', async () => {
    const before = fixture.behaviour.calls;
    const payload = JSON.stringify({ children: [{ name: 'A', birth_date: '2020-01-01' }] });
    const second = [...POST, `Content-Length: ${payload.length}`, '', payload].join('\r\n');
    const answer = await raw('POST /nowhere HTTP/1.1', 'Host: x', 'Content-Length: 2', '', `{}${second}`);
    expect([answersIn(answer), fixture.behaviour.calls]).toEqual([1, before]);
  });
});

describe('slow clients', () => {
  test('slow headers and slow bodies are cut with 408 while others are served', async () => {
    const slowHeaders = exchange((socket) => void socket.write('GET /api/v1/things HTTP/1.1\r\nHost: x\r\nX-Slow: '));
    const slowBody = exchange((socket) => void socket.write([...POST, 'Content-Length: 50', '', '{"a'].join('\r\n')));
    const crowd = Array.from({ length: 100 }, () =>
      exchange((socket) => void socket.write('GET /api/v1/things HTTP/1.1\r\nHo')),
    );
    let cut = 0;
    for (const slow of [slowHeaders, slowBody, ...crowd]) void slow.then(() => (cut += 1));
    expect(await raw('GET /api/v1/things HTTP/1.1', 'Host: x', LAST, '', '')).toMatch(/^HTTP\/1\.1 200 /);
    // Had it waited for them, all of them would be gone by now.
    expect(cut).toBeLessThan(crowd.length);
    expectProblem(await slowHeaders, 408, 'request_timeout');
    expectProblem(await slowBody, 408, 'request_timeout');
    await Promise.all(crowd);
  }, 10_000);
});
