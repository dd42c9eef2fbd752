import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, importJWK } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ensureMasterKey, ensureSecretFile, ensureSigningKey, masterKeyFrom, signingKeyFrom } from './key-files.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'skypark-keys-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('a secret file', () => {
  test('is made once, for its owner alone, in a folder for its owner alone', async () => {
    const home = await folder();
    const file = join(home, 'new', 'keys', 'secret');
    const made = await ensureSecretFile(file, () => Buffer.from('first'));
    expect(made.toString()).toBe('first');
    expect((await ensureSecretFile(file, () => Buffer.from('second'))).toString()).toBe('first');
    expect(await modeOf(file)).toBe(0o600);
    expect(await modeOf(join(home, 'new', 'keys'))).toBe(0o700);
    expect(await readdir(join(home, 'new', 'keys'))).toEqual(['secret']);
  });

  test('that 20 make at once has one content, and no draft is left', async () => {
    const file = join(await folder(), 'keys', 'secret');
    const make = () => randomBytes(64);
    const made = await Promise.all(Array.from({ length: 20 }, () => ensureSecretFile(file, make)));
    const kept = await readFile(file);
    for (const content of made) expect(content.equals(kept)).toBe(true);
    expect(await readdir(join(file, '..'))).toEqual(['secret']);
  });

  test.each([0o640, 0o604, 0o660, 0o620, 0o610])('that others can read or change is refused: mode %o', async (mode) => {
    const file = join(await folder(), 'secret');
    await writeFile(file, 'text');
    await chmod(file, mode);
    await expect(ensureSecretFile(file, () => Buffer.from('new'))).rejects.toThrow(`chmod 600 ${file}`);
    expect(await readFile(file, 'utf8')).toBe('text');
  });

  test('behind a link is judged by what the link leads to', async () => {
    const home = await folder();
    await writeFile(join(home, 'open'), 'text', { mode: 0o644 });
    await symlink(join(home, 'open'), join(home, 'secret'));
    await expect(ensureSecretFile(join(home, 'secret'), () => Buffer.from('new'))).rejects.toThrow('chmod 600');
  });

  test('that cannot be read is not made anew, and a folder in its place is no file', async () => {
    const home = await folder();
    await writeFile(join(home, 'file'), 'text', { mode: 0o600 });
    await expect(ensureSecretFile(join(home, 'file', 'secret'), () => Buffer.from('new'))).rejects.toThrow('ENOTDIR');
    await mkdir(join(home, 'place'), { mode: 0o700 });
    await expect(ensureSecretFile(join(home, 'place'), () => Buffer.from('new'))).rejects.toThrow('EISDIR');
  });

  test('that could not be made leaves no draft', async () => {
    const home = await folder();
    const broken = () => {
      throw new Error('no randomness');
    };
    await expect(ensureSecretFile(join(home, 'secret'), broken)).rejects.toThrow('no randomness');
    expect(await readdir(home)).toEqual([]);
  });
});

describe('a signing key', () => {
  test('is the same at every start, and known by the thumbprint of its public half', async () => {
    const file = join(await folder(), 'keys', 'access-token.pem');
    const [first, second] = [await ensureSigningKey(file), await ensureSigningKey(file)];
    expect(second.kid).toBe(first.kid);
    expect(first.publicJwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: first.publicJwk.x, kid: first.kid, alg: 'EdDSA' });
    expect(first.kid).toBe(await calculateJwkThumbprint(first.publicJwk));
    expect(await importJWK(first.publicJwk)).toBeDefined();
    const signature = sign(null, Buffer.from('text'), first.privateKey);
    expect(verify(null, Buffer.from('text'), second.publicKey, signature)).toBe(true);
  });

  test('of another kind, or none at all, is refused by the name of its file', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const publicOnly = generateKeyPairSync('ed25519').publicKey;
    const texts = [
      rsa.export({ type: 'pkcs8', format: 'pem' }),
      publicOnly.export({ type: 'spki', format: 'pem' }),
      'not a key',
      '',
    ];
    for (const text of texts) {
      await expect(signingKeyFrom(Buffer.from(text), '/keys/jwt.pem')).rejects.toThrow(
        '/keys/jwt.pem holds no Ed25519',
      );
    }
  });
});

describe('the master key', () => {
  test('is 32 random bytes, the same at every start', async () => {
    const file = join(await folder(), 'master.key');
    const first = await ensureMasterKey(file);
    expect(first).toHaveLength(32);
    expect(await ensureMasterKey(file)).toEqual(first);
    expect(await ensureMasterKey(join(await folder(), 'master.key'))).not.toEqual(first);
  });

  test('is refused when it is not exactly 32 bytes of base64', () => {
    const good = randomBytes(32);
    expect(masterKeyFrom(Buffer.from(`${good.toString('base64')}\n`), 'f')).toEqual(good);
    const bad = [
      '',
      randomBytes(31).toString('base64'),
      randomBytes(33).toString('base64'),
      good.toString('hex'),
      `${good.toString('base64').slice(0, 20)} ${good.toString('base64').slice(20)}`,
      `${good.toString('base64').slice(0, -2)}!=`,
      good.toString('base64url'),
    ];
    for (const text of bad)
      expect(() => masterKeyFrom(Buffer.from(text), '/keys/master.key'), text).toThrow('32 bytes');
  });
});
