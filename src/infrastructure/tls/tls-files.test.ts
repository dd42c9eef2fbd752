import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { issueServerCertificate, makeAuthority } from './authority.ts';
import { readTlsPair, watchTlsFiles } from './tls-files.ts';

const authority = makeAuthority('Sky Park', Date.now());
const newPair = () => issueServerCertificate(authority, ['gate.ala-archa.lan'], Date.now());

test('a new pair is applied once, and one that does not go together never', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-tls-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = { certFile: join(folder, 'tls.pem'), keyFile: join(folder, 'tls.key') };
  const first = newPair();
  await writeFile(files.certFile, first.certificatePem);
  await writeFile(files.keyFile, first.keyPem);
  const applied: string[] = [];
  const errors: unknown[] = [];
  const watch = watchTlsFiles({
    ...files,
    current: await readTlsPair(files),
    everyMs: 60_000,
    apply: ({ cert }) => void applied.push(cert.toString()),
    onError: (error) => void errors.push(error),
  });
  onTestFinished(() => watch.stop());
  await watch.look();
  expect([applied, errors]).toEqual([[], []]);
  const next = newPair();
  await writeFile(files.keyFile, next.keyPem);
  await watch.look();
  expect([applied.length, errors.length]).toEqual([0, 1]);
  await writeFile(files.certFile, next.certificatePem);
  await watch.look();
  await watch.look();
  expect([applied, errors.length]).toEqual([[next.certificatePem], 1]);
});
