import { once } from 'node:events';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, Server as TlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { issueServerCertificate, makeAuthority } from '../tls/authority.ts';
import { startFixture } from './http-fixture.ts';

const NAME = 'gate.ala-archa.lan';
const authority = makeAuthority('Sky Park', Date.now());

function newPair() {
  const { certificatePem, keyPem } = issueServerCertificate(authority, [NAME], Date.now());
  return { cert: Buffer.from(certificatePem), key: Buffer.from(keyPem) };
}

async function startEncrypted() {
  const fixture = await startFixture({ tls: newPair() });
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => fixture.drain());
  const { port } = fixture.app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const call = async (path: string) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      ca: authority.certificatePem,
      servername: NAME,
      agent,
    }).end();
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    await once(response as never, 'end');
    return { status: response.statusCode, isReused: sent.reusedSocket };
  };
  return { fixture, call };
}

test('under TLS the server answers, keeps connections, and goes on with open ones when its certificate is changed', async () => {
  const { fixture, call } = await startEncrypted();
  expect(await call('/health/live')).toEqual({ status: 200, isReused: false });
  const { server } = fixture.app;
  expect(server).toBeInstanceOf(TlsServer);
  if (server instanceof TlsServer) server.setSecureContext(newPair());
  expect(await call('/health/live')).toEqual({ status: 200, isReused: true });
});

test('a request under way is answered while the server ends', async () => {
  let answer = (): void => undefined;
  const fixture = await startFixture({ tls: newPair(), httpConfig: { drainDelayMs: 0 } });
  fixture.behaviour.wait = new Promise((resolve) => (answer = resolve));
  fixture.behaviour.next = 'hang';
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = fixture.app.server.address() as AddressInfo;
  const sent = request({
    host: '127.0.0.1',
    port,
    path: '/api/v1/things',
    method: 'POST',
    ca: authority.certificatePem,
    servername: NAME,
    agent: false,
    headers: { authorization: 'Bearer aida', 'content-type': 'application/json' },
  }).end(JSON.stringify({ children: [{ name: 'Алина', birth_date: '2022-03-01' }] }));
  const responded = once(sent, 'response');
  while (fixture.behaviour.calls === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const drained = fixture.drain();
  // Longer than a connection gets over which nothing was asked.
  setTimeout(answer, 700);
  const [response] = (await responded) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(201);
  await drained;
});

test.each([
  ['TLSv1', false],
  ['TLSv1.1', false],
  ['TLSv1.2', true],
  ['TLSv1.3', true],
] as const)('what is older than TLS 1.2 is not spoken: %s', async (version, isSpoken) => {
  const { fixture } = await startEncrypted();
  const { port } = fixture.app.server.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: authority.certificatePem,
    servername: NAME,
    minVersion: version,
    maxVersion: version,
    // Old versions are not even offered by a client of today without this.
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const outcome = await new Promise((resolve) => {
    socket.once('secureConnect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  expect(outcome).toBe(isSpoken);
});
