import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { issueServerCertificate, makeAuthority, type KeyedCertificate } from './authority.ts';

const NOW_MS = Date.now();
const authority = makeAuthority('Sky Park', NOW_MS);
const NAMES = ['gate.ala-archa.lan', '127.0.0.1'];

/** How a client that believes `ca` alone takes a server that it calls `name`: its word, or why it turned away. */
async function handshake({ certificatePem, keyPem }: KeyedCertificate, ca: string, name: string): Promise<string> {
  const server = createServer(
    { cert: certificatePem, key: keyPem },
    (_request, response) => void response.end('hello'),
  );
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, ca, servername: name, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    })
      .on('error', (error) => resolve(`${Reflect.get(error, 'code')}`))
      .end();
  });
}

test('a server is believed by its name by who believes the authority, and by nobody else', async () => {
  const pair = issueServerCertificate(authority, NAMES, NOW_MS);
  expect(await handshake(pair, authority.certificatePem, 'gate.ala-archa.lan')).toBe('hello');
  expect(await handshake(pair, authority.certificatePem, 'gate.osh.lan')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await handshake(pair, makeAuthority('Sky Park', NOW_MS).certificatePem, 'gate.ala-archa.lan')).toMatch(
    /CERT_SIGNATURE_FAILURE|UNABLE_TO_VERIFY|SELF_SIGNED/,
  );
});

test('a certificate that has ended is not believed', async () => {
  const old = issueServerCertificate(authority, NAMES, NOW_MS - 398 * 86_400_000);
  expect(await handshake(old, authority.certificatePem, 'gate.ala-archa.lan')).toBe('CERT_HAS_EXPIRED');
});

test('the certificates say what they are', () => {
  const ca = new X509Certificate(authority.certificatePem);
  const server = new X509Certificate(issueServerCertificate(authority, NAMES, NOW_MS).certificatePem);
  expect([ca.ca, ca.subject, ca.verify(ca.publicKey)]).toEqual([true, 'CN=Sky Park', true]);
  expect([server.ca, server.issuer, server.checkIssued(ca), server.verify(ca.publicKey)]).toEqual([
    false,
    'CN=Sky Park',
    true,
    true,
  ]);
  expect(server.subjectAltName).toBe('DNS:gate.ala-archa.lan, IP Address:127.0.0.1');
  expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('a server signs no other server, and an authority that has ended signs nobody', () => {
  const server = issueServerCertificate(authority, NAMES, NOW_MS);
  expect(() => issueServerCertificate(server, ['other.lan'], NOW_MS)).toThrow('not an authority');
  expect(() => issueServerCertificate(authority, NAMES, NOW_MS + 3_651 * 86_400_000)).toThrow('has ended');
});

test.skipIf(spawnSync('openssl', ['version']).error !== undefined)('OpenSSL verifies them strictly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [ca, server] = [join(folder, 'ca.pem'), join(folder, 'server.pem')];
  writeFileSync(ca, authority.certificatePem);
  writeFileSync(server, issueServerCertificate(authority, NAMES, NOW_MS).certificatePem);
  const verify = [
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    '-verify_hostname',
    'gate.ala-archa.lan',
    '-CAfile',
    ca,
  ];
  const { stdout, stderr } = spawnSync('openssl', [...verify, server], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toContain('server.pem: OK');
});
