import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEd25519Signer, createEd25519Verifier } from './ed25519-signer.ts';
import { ensureSigningKey, type SigningKey } from './key-files.ts';
import { distinctKeys, oldKeysOf, retireKey, rotateKey, verifyingKeyFrom } from './key-ring.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'skypark-ring-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

const bytes = Buffer.from('a ticket');

/** What a process that starts now believes of a signature. */
async function believes(home: string, by: SigningKey): Promise<boolean> {
  const current = await ensureSigningKey(join(home, 'admission.pem'));
  const keys = distinctKeys([current, ...(await oldKeysOf(join(home, 'admission.pem')))]);
  const { keyId, sign } = createEd25519Signer(by);
  return createEd25519Verifier(keys.map(({ publicKey }) => publicKey)).verify(keyId, bytes, sign(bytes));
}

test('after rotations the newest key signs, and what older ones signed is still good', async () => {
  const home = await folder();
  const signers: SigningKey[] = [];
  for (let round = 0; round < 3; round += 1) {
    signers.push(await ensureSigningKey(join(home, 'admission.pem')));
    await rotateKey(join(home, 'admission.pem'));
  }
  signers.push(await ensureSigningKey(join(home, 'admission.pem')));
  expect(new Set(signers.map(({ kid }) => kid)).size).toBe(4);
  for (const signer of signers) expect(await believes(home, signer)).toBe(true);
});

test('of a key that signs no more only the public half is kept', async () => {
  const home = await folder();
  const { oldKeyId } = await rotateKey(join(home, 'admission.pem'));
  expect(await readdir(home)).toEqual([`admission-old-${oldKeyId}.pem`, 'admission.pem']);
  const kept = await readFile(join(home, `admission-old-${oldKeyId}.pem`), 'utf8');
  expect(kept).toContain('PUBLIC KEY');
  expect(kept).not.toContain('PRIVATE');
});

test('a retired key is as good as an unknown one', async () => {
  const home = await folder();
  const signer = await ensureSigningKey(join(home, 'admission.pem'));
  const { oldKeyId, newKeyId } = await rotateKey(join(home, 'admission.pem'));
  expect(await retireKey(join(home, 'admission.pem'), newKeyId)).toBe(false);
  expect(await retireKey(join(home, 'admission.pem'), oldKeyId)).toBe(true);
  expect(await believes(home, signer)).toBe(false);
  expect(await retireKey(join(home, 'admission.pem'), oldKeyId)).toBe(false);
});

test('a rotation that was cut short leaves the key that signs, and it counts once', async () => {
  const home = await folder();
  const signer = await ensureSigningKey(join(home, 'admission.pem'));
  const { oldKeyId } = await rotateKey(join(home, 'admission.pem'));
  // As if the new key had not come into its place.
  const { privateKey } = signer;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(home, 'admission.pem'), pem, { mode: 0o600 });
  expect(await readdir(home)).toContain(`admission-old-${oldKeyId}.pem`);
  expect(await believes(home, signer)).toBe(true);
});

test('anything else than an Ed25519 key is refused by name', async () => {
  await expect(verifyingKeyFrom(Buffer.from('no key'), '/keys/old.pem')).rejects.toThrow(
    '/keys/old.pem holds no Ed25519',
  );
});
