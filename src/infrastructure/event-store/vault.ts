import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { assert, BrokenInvariant } from '../../kernel/assert.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { FileVault } from '../../kernel/vault.ts';
import { randomPiece } from '../random-pool.ts';
import { recentlyUsed } from '../recently-used.ts';

/** Where wrapped keys are kept. */
export type SubjectKeyTable = {
  /** Stores `wrapped` unless the subject has a key; answers the key that counts, or null when it was destroyed. */
  keep(subjectId: string, wrapped: Buffer): Promise<Buffer | null>;
  /** The wrapped key; null when there is none or it was destroyed. */
  find(subjectId: string): Promise<Buffer | null>;
  destroy(subjectId: string): Promise<void>;
};

const FORM = 'p1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Unwrapped ones that are in memory at once. */
const MOST_KEYS = 20_000;

function encrypt(key: Buffer, plain: Buffer, label: string): Buffer {
  const nonce = randomPiece(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws BrokenInvariant when the bytes were not made by `encrypt` with this key and label. */
function decrypt(key: Buffer, sealed: Buffer, label: string): Buffer {
  assert(sealed.length >= NONCE_BYTES + TAG_BYTES, 'a sealed text was cut short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(label))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new BrokenInvariant('a sealed text was tampered with');
  }
}

/** A key of its own for one purpose, derived from the master key (HKDF-SHA256, RFC 5869). */
const deriveKey = (master: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `skypark/${purpose}/1`, 32));

type Options = {
  readonly keys: SubjectKeyTable;
  /** 32 bytes, kept outside the database. */
  readonly masterKey: Buffer;
  /** How long an unwrapped key may stay in memory: the bound on how late another process's erasure is seen. Default 5 s. */
  readonly cachedForMs?: number;
};

/** Envelope encryption: AES-256-GCM under a key per subject, that key wrapped by the master key. */
export function createVault({ keys, masterKey, cachedForMs = 5000 }: Options): FileVault {
  assert(masterKey.length === 32, 'the master key must have 32 bytes');
  const wrappingKey = deriveKey(masterKey, 'wrap');
  const indexKey = deriveKey(masterKey, 'blind-index');
  const cache = recentlyUsed<Buffer>(MOST_KEYS, cachedForMs);

  const unwrap = (subjectId: string, wrapped: Buffer): Buffer => decrypt(wrappingKey, wrapped, `wrap ${subjectId}`);

  async function keyToSeal(subjectId: string): Promise<Buffer | null> {
    const cached = cache.get(subjectId);
    if (cached !== undefined) return cached;
    const found = await keys.find(subjectId);
    const wrapped = found ?? (await keys.keep(subjectId, encrypt(wrappingKey, randomBytes(32), `wrap ${subjectId}`)));
    if (wrapped === null) return null;
    const key = unwrap(subjectId, wrapped);
    cache.set(subjectId, key);
    return key;
  }

  async function keyToOpen(subjectId: string): Promise<Buffer | null> {
    const cached = cache.get(subjectId);
    if (cached !== undefined) return cached;
    const wrapped = await keys.find(subjectId);
    if (wrapped === null) return null;
    const key = unwrap(subjectId, wrapped);
    cache.set(subjectId, key);
    return key;
  }

  return {
    async seal(subjectId, text) {
      const key = await keyToSeal(subjectId);
      return key === null
        ? null
        : `${FORM}.${subjectId}.${encrypt(key, Buffer.from(text, 'utf8'), subjectId).toString('base64url')}`;
    },
    async open(sealed) {
      const [form, subjectId = '', body = '', ...rest] = sealed.split('.');
      assert(form === FORM && isUuid(subjectId) && rest.length === 0, 'not a sealed text');
      const key = await keyToOpen(subjectId);
      return key === null ? null : decrypt(key, Buffer.from(body, 'base64url'), subjectId).toString('utf8');
    },
    async sealBytes(subjectId, bytes) {
      const key = await keyToSeal(subjectId);
      return key === null ? null : encrypt(key, Buffer.from(bytes), `file ${subjectId}`);
    },
    async openBytes(subjectId, sealed) {
      const key = await keyToOpen(subjectId);
      return key === null ? null : decrypt(key, Buffer.from(sealed), `file ${subjectId}`);
    },
    blindIndex: (scope, value) => createHmac('sha256', indexKey).update(`${scope}\0${value}`).digest('base64url'),
    async destroy(subjectId) {
      await keys.destroy(subjectId);
      cache.delete(subjectId);
    },
  };
}
