import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { openTokenKeys, tokenKeyFrom, type SigningTokenKey } from '../../../infrastructure/keys/token-keys.ts';
import type { AccessClaims } from '../application/access-tokens.ts';
import { createSignAccessToken, parseRole } from './access-tokens.ts';
import { createTokenVerifier } from './token-verifier.ts';

const NOW_MS = 1_800_000_000_000;
const SCOPE = { issuer: 'http://127.0.0.1:8080', audience: 'hq' };
const USER = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
const SESSION = '01936f2e-6a10-7d21-8f3b-1c2d3e4f5a6b';

const newSigningKey = (kind: 'ed25519' | 'rsa' = 'ed25519'): Promise<SigningTokenKey> => {
  const { privateKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  return tokenKeyFrom(Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })), 'a key of a test');
};

const key = await newSigningKey();
const foreignKey = await newSigningKey();

const claims: AccessClaims = {
  userId: USER,
  sessionId: SESSION,
  roles: [{ role: 'gate', parkId: 'ala-archa' }],
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 600_000,
  authenticatedAtMs: NOW_MS,
  isTwoFactor: false,
};

async function createNode(staffNeedsFactor = false) {
  const clock = createManualClock(NOW_MS);
  /** What the files of the keys hold. */
  const files = { signing: key, others: [] as SigningTokenKey[], reads: 0 };
  const tokenKeys = await openTokenKeys(async () => {
    files.reads += 1;
    await setImmediate();
    return { ...files, faults: [] };
  }, clock);
  const state = { revoked: false };
  const forgeries: string[] = [];
  const verifier = createTokenVerifier({
    ...SCOPE,
    tokenKeys,
    clock,
    staffNeedsFactor,
    onForgedToken: (forgery) => void forgeries.push(forgery),
    sha256: (text) => createHash('sha256').update(text).digest(),
    watch: { rolesNow: async ({ roles }) => (state.revoked ? null : roles), expire: () => undefined },
  });
  return { clock, verifier, state, forgeries, files, tokenKeys, sign: createSignAccessToken({ ...SCOPE, tokenKeys }) };
}

const sign = createSignAccessToken({ ...SCOPE, tokenKeys: { signing: () => key } });
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token signed with our own key whose header and claims are as given. */
function forge(header: object, payload: object, signer = key): Promise<string> {
  return new SignJWT({
    iss: SCOPE.issuer,
    aud: SCOPE.audience,
    sub: USER,
    sid: SESSION,
    roles: [],
    iat: NOW_MS / 1000,
    exp: NOW_MS / 1000 + 600,
    ...payload,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, ...header })
    .sign(signer.privateKey);
}

describe('an access token', () => {
  test('says how and when its owner last proved who they are; one of an older program says nothing of it', async () => {
    const { verifier } = await createNode();
    const proof = { authenticatedAtMs: NOW_MS - 60_000, isTwoFactor: true };
    const told = await verifier.verify(await sign({ ...claims, ...proof }));
    expect(told?.authentication).toEqual({ atMs: NOW_MS - 60_000, isTwoFactor: true });
    const older = await verifier.verify(await forge({ typ: 'at+jwt' }, {}));
    expect(older?.authentication).toEqual({ atMs: 0, isTwoFactor: false });
  });

  test('gives duties only with a second factor where staff must have one', async () => {
    const { verifier } = await createNode(true);
    const [one, two] = await Promise.all([false, true].map((isTwoFactor) => sign({ ...claims, isTwoFactor })));
    expect(await verifier.verify(one ?? '')).toMatchObject({
      roles: [{ role: 'guest', parkId: null }],
      withheld: 'until_second_factor',
    });
    expect((await verifier.verify(two ?? ''))?.roles).toContainEqual({ role: 'gate', parkId: 'ala-archa' });
    expect(await verifier.verify(await sign({ ...claims, roles: [] }))).not.toHaveProperty('withheld');
  });

  test('names its owner, the session and the roles, and makes everybody a guest', async () => {
    const { verifier } = await createNode();
    expect(await verifier.verify(await sign(claims))).toEqual({
      kind: 'user',
      userId: USER,
      sessionId: SESSION,
      roles: [
        { role: 'guest', parkId: null },
        { role: 'gate', parkId: 'ala-archa' },
      ],
      actor: `user:${USER}`,
      authentication: { atMs: NOW_MS, isTwoFactor: false },
    });
  });

  test('ends to the second, also when it was seen before', async () => {
    const { verifier, clock } = await createNode();
    const token = await sign(claims);
    clock.set(claims.expiresAtMs - 1);
    expect(await verifier.verify(token)).not.toBeNull();
    clock.set(claims.expiresAtMs);
    expect(await verifier.verify(token)).toBeNull();
  });

  test('of a revoked session is refused, also when it was seen before', async () => {
    const { verifier, state } = await createNode();
    const token = await sign(claims);
    expect(await verifier.verify(token)).not.toBeNull();
    state.revoked = true;
    expect(await verifier.verify(token)).toBeNull();
  });

  test('of a revoked session is refused in every other spelling too', async () => {
    const { verifier, state } = await createNode();
    const token = await sign(claims);
    await verifier.verify(token);
    state.revoked = true;
    // The last character of a 64-byte signature holds two bits that say nothing.
    const spellings = ['A', 'B', 'C', 'D', 'Q', 'g', 'w'].map((last) => token.slice(0, -1) + last);
    for (const spelling of [...spellings, `${token}=`, `${token}==`])
      expect(await verifier.verify(spelling)).toBeNull();
  });

  test.each([
    ['another issuer', {}, { iss: 'http://127.0.0.1:9090' }],
    ['another audience', {}, { aud: 'ala-archa' }],
    ['several audiences', {}, { aud: ['hq', 'ala-archa'] }],
    ['no audience', {}, { aud: undefined }],
    ['no end', {}, { exp: undefined }],
    ['an end that is a text', {}, { exp: '9999999999' }],
    ['an end that has passed', {}, { exp: NOW_MS / 1000 }],
    ['a beginning in the future', {}, { iat: NOW_MS / 1000 + 120 }],
    ['no session', {}, { sid: undefined }],
    ['a subject that is no id', {}, { sub: '../admin' }],
    ['roles that are no list', {}, { roles: 'admin' }],
    ['a role we do not know', {}, { roles: ['root'] }],
    ['another type', { typ: 'JWT' }, {}],
    ['the type of a refresh token', { typ: 'rt+jwt' }, {}],
    ['no type', { typ: undefined }, {}],
    ['another key id', { kid: 'nobody' }, {}],
    ['no key id', { kid: undefined }, {}],
  ])('with %s is refused although our key signed it', async (_what, header, payload) => {
    const { verifier } = await createNode();
    expect(await verifier.verify(await forge({}, {}))).not.toBeNull();
    expect(await verifier.verify(await forge(header, payload))).toBeNull();
  });

  test('signed with a foreign key is refused, whatever its header points to', async () => {
    const { verifier, forgeries } = await createNode();
    for (const header of [
      {},
      { jwk: foreignKey.publicJwk },
      { jku: 'https://example.com/keys.json' },
      { x5u: 'https://example.com/key.pem' },
      { kid: foreignKey.kid },
      { kid: '../../dev/null' },
    ]) {
      expect(await verifier.verify(await forge(header, {}, foreignKey))).toBeNull();
    }
    expect(forgeries).toEqual([...Array<string>(4).fill('signature'), 'key', 'key']);
  });

  test.each(['none', 'None', 'NONE', 'nOnE', ''])('with the algorithm %j is refused', async (alg) => {
    const { verifier, forgeries } = await createNode();
    const [, payload = '', signature = ''] = (await sign(claims)).split('.');
    const header = base64({ alg, typ: 'at+jwt', kid: key.kid });
    for (const end of ['', signature]) expect(await verifier.verify(`${header}.${payload}.${end}`)).toBeNull();
    expect(forgeries).toEqual(alg === '' ? [] : ['algorithm', 'algorithm']);
  });

  test('of the key before is good beside those of another one, until that key is retired', async () => {
    const { verifier, files, tokenKeys, sign: signNow, forgeries } = await createNode();
    const before = await signNow(claims);
    expect(await verifier.verify(before)).not.toBeNull();
    Object.assign(files, { signing: await newSigningKey(), others: [key] });
    await tokenKeys.look();
    const after = await signNow(claims);
    expect(decodeProtectedHeader(after).kid).toBe(files.signing.kid);
    for (const token of [before, after]) expect(await verifier.verify(token)).not.toBeNull();
    files.others = [];
    await tokenKeys.look();
    expect(await verifier.verify(before)).toBeNull();
    expect(await verifier.verify(after)).not.toBeNull();
    expect(forgeries).toEqual([]);
  });

  test('of a key that another process put in place is looked for, once a second at most', async () => {
    const { verifier, files, clock } = await createNode();
    const next = await newSigningKey();
    const token = await createSignAccessToken({ ...SCOPE, tokenKeys: { signing: () => next } })(claims);
    clock.advance(1_000);
    for (let each = 0; each < 5; each += 1) expect(await verifier.verify(token)).toBeNull();
    expect(files.reads).toBe(2);
    files.signing = next;
    expect(await verifier.verify(token)).toBeNull();
    clock.advance(1_000);
    // Several at once wait for one look.
    const several = await Promise.all(Array.from({ length: 10 }, () => verifier.verify(token)));
    expect(several).not.toContain(null);
    expect(files.reads).toBe(3);
  });

  test('of an RSA key is signed and checked by RS256, and each key by no other algorithm than its own', async () => {
    const { verifier, files, tokenKeys, sign: signNow, forgeries } = await createNode();
    Object.assign(files, { signing: await newSigningKey('rsa'), others: [key] });
    await tokenKeys.look();
    const token = await signNow(claims);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: files.signing.kid });
    expect(await verifier.verify(token)).toMatchObject({ userId: USER });
    const [, payload = '', signature = ''] = token.split('.');
    const crossed = base64({ alg: 'RS256', typ: 'at+jwt', kid: key.kid });
    expect(await verifier.verify(`${crossed}.${payload}.${signature}`)).toBeNull();
    expect(forgeries).toEqual(['algorithm']);
  });

  test('signed by HMAC with our public key as the secret is refused', async () => {
    const { verifier, forgeries } = await createNode();
    const [, payload = ''] = (await sign(claims)).split('.');
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
    for (const secret of [pem, Buffer.from(key.publicJwk.x ?? '', 'base64url')]) {
      for (const alg of ['HS256', 'HS512']) {
        const signed = `${base64({ alg, typ: 'at+jwt', kid: key.kid })}.${payload}`;
        const mac = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
          .update(signed)
          .digest('base64url');
        expect(await verifier.verify(`${signed}.${mac}`)).toBeNull();
      }
    }
    expect(forgeries).toEqual(Array(4).fill('algorithm'));
  });

  test('changed in any one character is refused, and never throws', async () => {
    const { verifier } = await createNode();
    const token = await sign(claims);
    // The last character is left out: two of its bits are not part of the signature.
    for (let at = 0; at < token.length - 1; at += 3) {
      const other = token[at] === 'x' ? 'y' : 'x';
      expect(await verifier.verify(token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
    }
    for (const text of [
      '',
      '.',
      '..',
      'a.b.c',
      'a.b.c.d.e',
      '.'.repeat(4000),
      `${base64({})}..`,
      `${base64(null)}.e30.e30`,
    ]) {
      expect(await verifier.verify(text)).toBeNull();
    }
  });
});

test('a role is read as it is written and in no other way', () => {
  expect(parseRole('admin')).toEqual({ role: 'admin', parkId: null });
  expect(parseRole('gate@ala-archa')).toEqual({ role: 'gate', parkId: 'ala-archa' });
  for (const text of ['', 'Admin', 'admin@', '@park', 'gate@Ala', 'gate@a@b', 'gate@a\n', 'root', 7, null]) {
    expect(parseRole(text)).toBeNull();
  }
});
