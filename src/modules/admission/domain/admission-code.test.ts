import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, epochDay, MS_A_DAY } from '../../../kernel/time.ts';
import { parseAdmissionCode, SHORTEST_CODE, writeAdmissionCode, type AdmissionClaims } from './admission-code.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const KEY_ID = '0badcafe';
const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const claims: AdmissionClaims = {
  ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  partySize: 4,
  validFromMs: Date.parse('2026-12-05T03:00:00Z'),
  validUntilMs: Date.parse('2026-12-05T14:30:00Z'),
};

const write = (from: AdmissionClaims): string =>
  writeAdmissionCode(from, KEY_ID, (bytes) => sign(null, bytes, privateKey));

/** Everything a gate checks. */
function accepts(code: string): boolean {
  const parsed = parseAdmissionCode(code);
  if (!parsed.ok) return false;
  const { keyId, signed, signature } = parsed.value;
  return keyId === KEY_ID && verify(null, signed, publicKey, signature);
}

const parkIds = fc
  .string({ unit: fc.constantFrom(...'abcxyz019'), minLength: 1, maxLength: 24 })
  .chain((head) => fc.constantFrom(head, `${head}-${head}`));

const anyClaims: fc.Arbitrary<AdmissionClaims> = fc
  .record({
    ticketId: fc.uuid({ version: [4, 5, 7] }),
    parkId: parkIds,
    visitDate: fc.integer({ min: 0, max: 65_535 }).map((days) => addDays('1970-01-01', days)),
    partySize: fc.integer({ min: 1, max: 255 }),
    from: fc.integer({ min: -2_000, max: 2_000 }),
    minutes: fc.integer({ min: 0, max: 3_000 }),
  })
  .map(({ from, minutes, ...rest }) => {
    const validFromMs = epochDay(rest.visitDate) * MS_A_DAY + from * 60_000;
    return { ...rest, validFromMs, validUntilMs: validFromMs + minutes * 60_000 };
  });

describe('a code says what was written', () => {
  test('whatever the claims are', () => {
    fc.assert(
      fc.property(anyClaims, (some) => {
        const parsed = parseAdmissionCode(write(some));
        expect(parsed).toMatchObject({ ok: true, value: { claims: some, keyId: KEY_ID } });
      }),
      { numRuns: 200 },
    );
  });

  test('the same claims give the same code', () => {
    expect(write(claims)).toBe(write(claims));
  });

  test('moments within a minute are rounded outwards', () => {
    const parsed = parseAdmissionCode(
      write({ ...claims, validFromMs: claims.validFromMs + 1, validUntilMs: claims.validUntilMs - 1 }),
    );
    expect(parsed).toMatchObject({ value: { claims } });
  });
});

describe('length and alphabet', () => {
  test.each([
    ['a', SHORTEST_CODE],
    ['ala-archa', 135],
    ['a'.repeat(28), 160],
    ['a'.repeat(50), 190],
  ])('a code of park %s has %i characters', (parkId, length) => {
    const code = write({ ...claims, parkId });
    expect(code).toHaveLength(length);
    expect(code).toMatch(/^[A-Za-z0-9_-]+$/);
  });
});

describe('a changed code is refused', () => {
  const code = write(claims);

  test('whichever character is replaced by whichever other', () => {
    for (let at = 0; at < code.length; at += 1) {
      // Neighbours in the alphabet differ in the last bit, the one that belongs to no byte at the end.
      const was = CHARACTERS.indexOf(code.charAt(at));
      for (const step of [1, 2, 4, 8, 16, 32]) {
        const other = CHARACTERS.charAt(was ^ step);
        expect(accepts(code.slice(0, at) + other + code.slice(at + 1)), `${at} ${other}`).toBe(false);
      }
    }
  });

  test('whichever byte is changed however', () => {
    const bytes = fromBase64url(code) ?? new Uint8Array();
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ mask : byte));
        expect(accepts(toBase64url(changed))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('cut, lengthened, padded or written in the other base64 alphabet', () => {
    const changed = [code.slice(0, -1), code.slice(4), `${code}A`, `${code}AAAA`, `${code}=`, ` ${code}`, `${code}\n`];
    expect(changed.filter(accepts)).toEqual([]);
    expect(accepts(code)).toBe(true);
  });

  test('when a park with a longer name makes room for what another field lost', () => {
    const bytes = fromBase64url(code) ?? new Uint8Array();
    const widened = Uint8Array.from([...bytes.subarray(0, 30), 0x61, ...bytes.subarray(30)]);
    expect(accepts(toBase64url(widened))).toBe(false);
  });
});

describe('parsing is strict and never throws', () => {
  const withBytes = (change: (bytes: Uint8Array) => void): string => {
    const bytes = fromBase64url(write(claims)) ?? new Uint8Array();
    change(bytes);
    return toBase64url(bytes);
  };

  test('an unknown version is told apart from rubbish', () => {
    expect(parseAdmissionCode(withBytes((bytes) => bytes.fill(2, 0, 1)))).toMatchObject({
      refusal: { code: 'unknown_version' },
    });
    expect(parseAdmissionCode('')).toMatchObject({ refusal: { code: 'malformed' } });
  });

  test.each([
    ['a ticket id that is no UUID', (bytes: Uint8Array) => bytes.fill(0, 5, 21)],
    ['an empty party', (bytes: Uint8Array) => bytes.fill(0, 23, 24)],
    ['an end before its beginning', (bytes: Uint8Array) => bytes.set([0x7f, 0xff, 0, 0], 24)],
    ['a park in capitals', (bytes: Uint8Array) => bytes.fill(0x41, 28, 29)],
    ['a park that is not ASCII', (bytes: Uint8Array) => bytes.fill(0xff, 28, 29)],
    ['a park that ends in a hyphen', (bytes: Uint8Array) => bytes.fill(0x2d, 36, 37)],
  ])('%s is malformed', (_what, change) => {
    expect(parseAdmissionCode(withBytes(change))).toEqual({ ok: false, refusal: { code: 'malformed' } });
  });

  test('any text gets an answer', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.base64String({ maxLength: 300 })),
        (text) => {
          expect(accepts(text)).toBe(false);
        },
      ),
    );
  });

  test('any bytes behind the version get an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 85, maxLength: 160 }), (bytes) => {
        expect(accepts(toBase64url(Uint8Array.from([1, ...bytes])))).toBe(false);
      }),
    );
  });
});

describe('what no code can say', () => {
  test.each<[string, Partial<AdmissionClaims>]>([
    ['an empty party', { partySize: 0 }],
    ['a party of 256', { partySize: 256 }],
    ['a park of 51 characters', { parkId: 'a'.repeat(51) }],
    ['a park in capitals', { parkId: 'Ala' }],
    ['a day before 1970', { visitDate: '1969-12-31' }],
    ['an end before its beginning', { validUntilMs: claims.validFromMs - 60_000 }],
    ['a month of validity', { validUntilMs: claims.validFromMs + 31 * MS_A_DAY }],
    ['a ticket id that is no UUID', { ticketId: 'ticket' }],
  ])('%s is a bug of the caller', (_what, change) => {
    expect(() => write({ ...claims, ...change })).toThrow();
  });
});
