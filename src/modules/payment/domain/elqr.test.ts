import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildElqr, elqrLink, parseElqr, verifyElqr } from './elqr.ts';
import type { ElqrCode, ElqrExtra } from './elqr.ts';

const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const signed = (body: string): string => `${body}6304${sha256Hex(body).slice(-4)}`;

/** Codes of a live provider, published without personal data. To be read, never paid. */
const DYNAMIC =
  '00020101021232810011qr.finik.kg0114averspay-items10328606240d690d42e4b036d3dba9d0371a120212130212520448295303417540712412005908Finik-QR6304b127';
const STATIC_A =
  '00020101021132750011qr.finik.kg0114averspay-items10326cc60f3c453e4286ae7bbbed49208ead1302125204482953034175908Finik-QR630424e3';
const STATIC_B =
  '00020101021132750011qr.finik.kg0114averspay-items1032c728e5bb087648b0a96fb55a677b9e721302125204482953034175908Finik-QR63040ad6';

const CYRILLIC: ElqrCode = {
  kind: 'dynamic',
  service: { providerId: 'qr.sandbox.skypark', code: 'skypark', amountEditable: false, recipientEditable: false },
  merchant: { serviceName: 'Парк «Небо» + кафе' },
  comment: 'билет: 3 места',
  extras: [{ key: 'ticket', label: 'Билет', value: '№ 12', title: 'Парк', visible: true }],
  categoryCode: '7996',
  amountTyiyn: 105_050n,
  providerName: 'Небесный парк',
};

function built(code: ElqrCode): string {
  const result = buildElqr(code, sha256Hex);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

describe('published codes', () => {
  test('a dynamic code of 12 412.00 som is read in tyiyn', () => {
    expect(parseElqr(DYNAMIC, sha256Hex)).toEqual({
      ok: true,
      value: {
        kind: 'dynamic',
        service: {
          providerId: 'qr.finik.kg',
          code: 'averspay-items',
          recipientId: '8606240d690d42e4b036d3dba9d0371a',
          amountEditable: false,
          recipientEditable: false,
        },
        merchant: {},
        extras: [],
        categoryCode: '4829',
        amountTyiyn: 1_241_200n,
        providerName: 'Finik-QR',
      },
    });
  });

  test.each([STATIC_A, STATIC_B])('a static code without an amount is read: %#', (text) => {
    const result = parseElqr(`https://qr.finik.kg/#${text}`, sha256Hex);
    expect(result.ok && result.value.kind).toBe('static');
    expect(result.ok && result.value.amountTyiyn).toBeUndefined();
  });

  test.each([DYNAMIC, STATIC_A, STATIC_B])('building what was read gives the same text: %#', (text) => {
    const result = parseElqr(text, sha256Hex);
    expect(result.ok && built(result.value)).toBe(text);
  });
});

describe('what banks do differently', () => {
  test('lengths count UTF-16 units of Cyrillic text, percent-encoded in a link', () => {
    const text = built(CYRILLIC);
    expect(text).toContain('5913Небесный парк');
    const link = elqrLink('https://pay.payqr.kg', text);
    expect(link).toMatch(/^https:\/\/pay\.payqr\.kg#[\x21-\x7e]+$/);
    expect(parseElqr(link, sha256Hex)).toEqual({ ok: true, value: CYRILLIC });
  });

  test('a form-encoded link, where + is a space and %2B a plus, fits its checksum too', () => {
    const form = encodeURIComponent(built(CYRILLIC)).replaceAll('%20', '+');
    expect(form).toContain('+');
    expect(parseElqr(`https://pay.payqr.kg#${form}`, sha256Hex)).toEqual({ ok: true, value: CYRILLIC });
  });

  test('where a wrong reading fits the 16 bits of the checksum too, the form-encoded link reads as it was built', () => {
    const service = { ...CYRILLIC.service, transactionId: 'party 14859' };
    const { comment: _, ...rest } = CYRILLIC;
    const code: ElqrCode = { ...rest, service, merchant: {}, extras: [], providerName: 'Sky Park' };
    const text = built(code);
    const wrong = text.replaceAll(' ', '+');
    expect(parseElqr(wrong, sha256Hex)).toMatchObject({ ok: true, value: { providerName: 'Sky+Park' } });
    const form = encodeURIComponent(text).replaceAll('%20', '+');
    expect(parseElqr(`https://pay.payqr.kg#${form}`, sha256Hex)).toEqual({ ok: true, value: code });
  });

  test('an unencoded percent sign in a bare text is taken as it is', () => {
    expect(verifyElqr(built({ ...CYRILLIC, comment: 'скидка 10% off' }), sha256Hex)).toBe(true);
  });

  test('the checksum may be upper case', () => {
    expect(verifyElqr(DYNAMIC.slice(0, -4) + DYNAMIC.slice(-4).toUpperCase(), sha256Hex)).toBe(true);
  });

  test('tags in another order are hashed as they came', () => {
    const reordered = '000201010212530341752044829540410055908Sky Park32240011qr.finik.kg0105items';
    expect(parseElqr(signed(reordered), sha256Hex)).toMatchObject({ ok: true, value: { amountTyiyn: 1005n } });
  });

  test('a static code may state an amount of 0, a dynamic one may not', () => {
    expect(buildElqr({ ...CYRILLIC, kind: 'static', amountTyiyn: 0n }, sha256Hex).ok).toBe(true);
    expect(buildElqr({ ...CYRILLIC, amountTyiyn: 0n }, sha256Hex)).toMatchObject({ refusal: { field: '54' } });
  });
});

describe('refusals', () => {
  const bodies: readonly [string, string, string][] = [
    ['another version', '00020201021132240011qr.finik.kg0105items52044829530341759041111', '00'],
    ['another type', '00020101021332240011qr.finik.kg0105items52044829530341759041111', '01'],
    ['another currency', '00020101021132240011qr.finik.kg0105items52044829530384059041111', '53'],
    ['a category that is no four digits', '00020101021132240011qr.finik.kg0105items520448x9530341759041111', '52'],
    ['an amount in som with a point', '00020101021132240011qr.finik.kg0105items52044829530341754051.00059041111', '54'],
    ['no service code and no merchant', '00020101021132150011qr.finik.kg52044829530341759041111', '32/01'],
    ['no service', '0002010102115204482953034175904' + '1111', '32/00'],
    ['a tag told twice', '00020101021132240011qr.finik.kg0105items5204482952044829530341759041111', '52'],
    ['no provider name', '00020101021132240011qr.finik.kg0105items520448295303417', '59'],
  ];
  test.each(bodies)('%s names the field', (_what, body, field) => {
    expect(parseElqr(signed(body), sha256Hex)).toEqual({ ok: false, refusal: { code: 'elqr_field', field } });
  });

  test.each(['', '#', 'https://example.org', '6304', '0002', '630400000', DYNAMIC.slice(0, -1), `${DYNAMIC}0`])(
    'a text that is no code is malformed: %s',
    (text) => {
      expect(parseElqr(text, sha256Hex)).toMatchObject({ ok: false });
    },
  );

  test('characters beyond the basic plane are refused in both directions', () => {
    expect(buildElqr({ ...CYRILLIC, comment: 'парк 🎈' }, sha256Hex)).toMatchObject({ refusal: { field: '34' } });
    const body = '00020101021132240011qr.finik.kg0105items3402🎈52044829530341759041111';
    expect(verifyElqr(signed(body), sha256Hex)).toBe(false);
  });

  test('a colon inside an extra field, too many of them, or a template that is too long is refused', () => {
    const extra: ElqrExtra = { key: 'k', label: 'l', value: 'v'.repeat(60), title: 't', visible: false };
    expect(buildElqr({ ...CYRILLIC, extras: [{ ...extra, value: 'a:b' }] }, sha256Hex).ok).toBe(false);
    expect(buildElqr({ ...CYRILLIC, extras: Array.from({ length: 5 }, () => extra) }, sha256Hex).ok).toBe(true);
    expect(buildElqr({ ...CYRILLIC, extras: Array.from({ length: 6 }, () => extra) }, sha256Hex).ok).toBe(false);
    const long = 'x'.repeat(32);
    const service = { ...CYRILLIC.service, providerId: long, recipientId: long, transactionId: long };
    expect(buildElqr({ ...CYRILLIC, service }, sha256Hex)).toMatchObject({ refusal: { field: '32' } });
  });
});

const letters = [...'abcXYZ019 .-+%&#/:«»№ёңүөӨжЯ'];
const textUpTo = (longest: number) =>
  fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: longest }).map((units) => units.join(''));
const partText = fc
  .array(fc.constantFrom(...letters.filter((unit) => unit !== ':')), { maxLength: 6 })
  .map((units) => units.join(''));
const optional = <Key extends string, Value>(key: Key, value: fc.Arbitrary<Value>) =>
  fc
    .option(value, { nil: undefined })
    .map((found): Partial<Record<Key, Value>> => (found === undefined ? {} : mapOf(key, found)));
function mapOf<Key extends string, Value>(key: Key, value: Value): Partial<Record<Key, Value>> {
  const record: Partial<Record<Key, Value>> = {};
  record[key] = value;
  return record;
}
const codes: fc.Arbitrary<ElqrCode> = fc
  .record({
    kind: fc.constantFrom('static', 'dynamic'),
    flags: fc.tuple(fc.boolean(), fc.boolean()),
    providerId: textUpTo(16),
    code: textUpTo(14),
    recipient: optional('recipientId', textUpTo(16)),
    transaction: optional('transactionId', textUpTo(16)),
    merchant: fc.tuple(optional('id', textUpTo(32)), optional('serviceName', textUpTo(32))),
    comment: optional('comment', textUpTo(32)),
    extras: fc.array(
      fc.record({ key: partText, label: partText, value: partText, title: partText, visible: fc.boolean() }),
      { maxLength: 8 },
    ),
    categoryCode: fc.nat(9999).map((number) => String(number).padStart(4, '0')),
    amount: optional('amountTyiyn', fc.bigInt(1n, 9_999_999_999_999n)),
    providerName: textUpTo(25),
  })
  .map((made) => ({
    kind: made.kind,
    service: {
      providerId: made.providerId,
      code: made.code,
      ...made.recipient,
      ...made.transaction,
      amountEditable: made.flags[0],
      recipientEditable: made.flags[1],
    },
    merchant: { ...made.merchant[0], ...made.merchant[1] },
    ...made.comment,
    extras: made.extras,
    categoryCode: made.categoryCode,
    ...made.amount,
    providerName: made.providerName,
  }));

describe('properties', () => {
  test('every code survives the round trip through text, link and form-encoded link', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const result = buildElqr(code, sha256Hex);
        if (!result.ok) return expect(result.refusal.field).toMatch(/^3[235]/);
        const read = { ok: true, value: code };
        const link = elqrLink('https://pay.payqr.kg', result.value);
        expect(parseElqr(link, sha256Hex)).toEqual(read);
        expect(parseElqr(link.replaceAll('%20', '+'), sha256Hex)).toEqual(read);
        expect(parseElqr(result.value, sha256Hex)).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });

  test('no text makes the reader throw', () => {
    const pieces = fc.array(
      fc.constantFrom('00', '02', '01', '63', '04', '32', '%', '+', '#', 'ё', '🎈', '99', 'b127'),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      pieces.map((found) => found.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        parseElqr(text, sha256Hex);
        parseElqr(signed(text), sha256Hex);
      }),
      { numRuns: 2_000 },
    );
  });
});
