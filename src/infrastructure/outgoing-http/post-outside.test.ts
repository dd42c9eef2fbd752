import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createNameResolver, createOutsideWorld } from './post-outside.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const resolving = (...addresses: readonly string[]) =>
  createOutsideWorld({
    allowLoopback: false,
    resolveAll: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });

const message = { headers: { 'content-type': 'application/json' }, body: '{"a":1}', timeoutMs: 500 };

describe('an address that is named by others', () => {
  test.each([
    ['not an address', 'is not an address'],
    ['http://example.com/', 'must begin with https://'],
    ['ftp://example.com/', 'must begin with https://'],
    ['https://user:secret@example.com/', 'must not hold a user or a password'],
    ['https://example.com:22/', 'must use port 443 or 8443'],
    ['https://127.0.0.1/', 'does not lead to the public internet'],
    ['https://[::1]/', 'does not lead to the public internet'],
    ['https://[::ffff:169.254.169.254]/', 'does not lead to the public internet'],
    ['https://169.254.169.254/latest/meta-data', 'does not lead to the public internet'],
    // Other spellings of 127.0.0.1 that address parsers accept.
    ['https://2130706433/', 'does not lead to the public internet'],
    ['https://0x7f.1/', 'does not lead to the public internet'],
  ])('%s %s', async (url, fault) => {
    expect(await resolving('8.8.8.8').faultOf(url)).toBe(fault);
    expect(await resolving('8.8.8.8').post({ ...message, url })).toEqual({
      kind: 'refused',
      reason: `the address ${fault}`,
    });
  });

  test('must be public at every address that its name has', async () => {
    expect(await resolving('8.8.8.8', '2606:4700::1').faultOf('https://example.com/')).toBeNull();
    expect(await resolving('8.8.8.8', '10.0.0.1').faultOf('https://example.com/')).toBe(
      'does not lead to the public internet',
    );
    expect(await resolving().faultOf('https://example.com/')).toBe('has no address in the name system');
  });

  test('is checked again when something is sent, for names change', async () => {
    const answers = ['8.8.8.8', '127.0.0.1'];
    const world = createOutsideWorld({
      allowLoopback: false,
      resolveAll: async () => [{ address: answers.shift() ?? '', family: 4 }],
    });
    expect(await world.faultOf('https://example.com/')).toBeNull();
    expect(await world.post({ ...message, url: 'https://example.com/' })).toMatchObject({ kind: 'refused' });
  });
});

/** A name server that gives every name one address, or answers nothing at all. */
async function nameServer(address: string | null) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, { port }) => {
    asked += 1;
    if (address === null) return;
    // The question ends after the name, its type and its class; what follows are options.
    const end = query.indexOf(0, 12) + 5;
    const isFour = query.readUInt16BE(end - 4) === 1;
    const head = Buffer.from(query.subarray(0, end));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(isFour ? 1 : 0, 6);
    head.writeUInt16BE(0, 10);
    const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)];
    socket.send(isFour ? Buffer.concat([head, Buffer.from(record)]) : head, port, '127.0.0.1');
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { resolveAll: createNameResolver([`127.0.0.1:${socket.address().port}`]), asked: () => asked };
}

describe('a name', () => {
  test.each([
    ['8.8.8.8', null],
    ['10.0.0.1', 'does not lead to the public internet'],
  ])('that leads to %s', async (address, fault) => {
    const { resolveAll } = await nameServer(address);
    expect(await resolveAll('example.com')).toEqual([{ address, family: 4 }]);
    const world = createOutsideWorld({ allowLoopback: false, resolveAll });
    expect(await world.faultOf('https://example.com/')).toBe(fault);
  });

  test.each(['localhost', 'api.localhost', 'localhost.'])('of this machine is not asked for: %s', async (host) => {
    const { resolveAll, asked } = await nameServer('8.8.8.8');
    const world = createOutsideWorld({ allowLoopback: false, resolveAll });
    expect(await world.faultOf(`https://${host}/`)).toBe('does not lead to the public internet');
    expect(asked()).toBe(0);
  });

  test('whose server is silent keeps nothing waiting but who asks for it', async () => {
    const { resolveAll, asked } = await nameServer(null);
    const world = createOutsideWorld({ allowLoopback: false, resolveAll });
    let ended = 0;
    const names = Array.from({ length: 16 }, async (_, index) => {
      const outcome = await world.post({ ...message, url: `https://silent-${index}.example/`, timeoutMs: 2000 });
      ended += 1;
      return outcome.kind;
    });
    await expect.poll(asked).toBeGreaterThanOrEqual(32);
    await lookup('localhost');
    expect(ended).toBe(0);
    expect(new Set(await Promise.all(names))).toEqual(new Set(['refused']));
  });
});

describe('a message', () => {
  const world = createOutsideWorld({ allowLoopback: true });

  test('arrives as it was written, once', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        seen.push([request.method, request.headers['content-type'], body]);
        response.writeHead(204).end();
      });
    });
    expect(await world.post({ ...message, url })).toEqual({ kind: 'answered', status: 204 });
    expect(seen).toEqual([['POST', 'application/json', '{"a":1}']]);
  });

  test('to a name that nobody resolves waits only so long too', async () => {
    const lost = createOutsideWorld({ allowLoopback: false, resolveAll: () => new Promise(() => undefined) });
    expect(await lost.post({ ...message, url: 'https://example.com/', timeoutMs: 100 })).toEqual({
      kind: 'refused',
      reason: 'the address has no address in the name system',
    });
  });

  test('is not carried along by a redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end());
    expect(await world.post({ ...message, url })).toEqual({ kind: 'answered', status: 307 });
  });

  test('waits for an answer only so long, and for the end of an endless one not at all', async () => {
    const silent = await serve(() => undefined);
    expect(await world.post({ ...message, url: silent, timeoutMs: 100 })).toEqual({
      kind: 'failed',
      reason: 'no answer within 0.1 s',
    });
    const endless = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await world.post({ ...message, url: endless })).toEqual({ kind: 'answered', status: 200 });
  });

  test('to a closed door fails with the reason', async () => {
    expect(await world.post({ ...message, url: 'http://127.0.0.1:1/' })).toEqual({
      kind: 'failed',
      reason: 'ECONNREFUSED',
    });
  });
});
