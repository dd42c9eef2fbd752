import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseElqr } from './elqr.ts';

const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const read = (text: string) => parseElqr(text, sha256Hex);

/** Ours, whose checksums were computed by another program too: written down, so that writer and reader cannot drift together. */
const CYRILLIC =
  '00020101021232810018qr.sandbox.skypark0107skypark11320190a8f000007000800000000000000a12021213021233220118Парк «Небо» + кафе3414билет: 3 места35290025ticket:Билет:№ 12:Парк:1152047996530341754061050505913Небесный парк63047de3';
const PERCENT =
  'https://pay.payqr.kg#00020101021232810018qr.sandbox.skypark0107skypark11320190a8f000007000800000000000000a12021213021233220118%D0%9F%D0%B0%D1%80%D0%BA%20%C2%AB%D0%9D%D0%B5%D0%B1%D0%BE%C2%BB%20%2B%20%D0%BA%D0%B0%D1%84%D0%B53414%D0%B1%D0%B8%D0%BB%D0%B5%D1%82%3A%203%20%D0%BC%D0%B5%D1%81%D1%82%D0%B035290025ticket%3A%D0%91%D0%B8%D0%BB%D0%B5%D1%82%3A%E2%84%96%2012%3A%D0%9F%D0%B0%D1%80%D0%BA%3A1152047996530341754061050505913%D0%9D%D0%B5%D0%B1%D0%B5%D1%81%D0%BD%D1%8B%D0%B9%20%D0%BF%D0%B0%D1%80%D0%BA63047de3';
const FORM = PERCENT.replaceAll('%20', '+');
const REORDERED = '000201010212530341752044829540410055908Sky Park32240011qr.finik.kg0105items6304d28c';
/** Of a live provider, published without personal data. To be read, never paid. */
const DYNAMIC =
  '00020101021232810011qr.finik.kg0114averspay-items10328606240d690d42e4b036d3dba9d0371a120212130212520448295303417540712412005908Finik-QR6304b127';
const STATIC =
  '00020101021132750011qr.finik.kg0114averspay-items10326cc60f3c453e4286ae7bbbed49208ead1302125204482953034175908Finik-QR630424e3';

describe('written down', () => {
  const meaning = {
    kind: 'dynamic',
    service: {
      providerId: 'qr.sandbox.skypark',
      code: 'skypark',
      transactionId: '0190a8f000007000800000000000000a',
      amountEditable: false,
      recipientEditable: false,
    },
    merchant: { serviceName: 'Парк «Небо» + кафе' },
    comment: 'билет: 3 места',
    extras: [{ key: 'ticket', label: 'Билет', value: '№ 12', title: 'Парк', visible: true }],
    categoryCode: '7996',
    amountTyiyn: 105_050n,
    providerName: 'Небесный парк',
  };

  test.each([
    ['bare', CYRILLIC],
    ['percent-encoded', PERCENT],
    ['form-encoded, where + is a space', FORM],
    ['with its checksum in capitals', `${CYRILLIC.slice(0, -4)}7DE3`],
  ])('Cyrillic, %s', (_how, text) => {
    expect(read(text)).toEqual({ ok: true, value: meaning });
  });

  test('fields in another order, hashed as they came', () => {
    expect(read(REORDERED)).toMatchObject({ ok: true, value: { amountTyiyn: 1005n, providerName: 'Sky Park' } });
  });

  test('a plus that is form-encoded as a space, or a space that stands bare in a form, is damage', () => {
    expect(read(FORM.replace('%2B', '+'))).toMatchObject({ ok: false, refusal: { code: 'elqr_checksum' } });
    expect(read(CYRILLIC.replace('+', ' '))).toMatchObject({ ok: false, refusal: { code: 'elqr_checksum' } });
  });
});

/** Every text that differs from this one in one character: changed, lost, added, or swapped with its neighbour. */
function* damagesOf(text: string): Generator<string> {
  const units = [...'0123456789abcdefABCDEFxyz.-+%#: Яё'];
  for (let at = 0; at <= text.length; at += 1) {
    const [head, tail] = [text.slice(0, at), text.slice(at)];
    for (const unit of units) yield head + unit + tail;
    if (tail === '') return;
    yield head + tail.slice(1);
    for (const unit of units) yield head + unit + tail.slice(1);
    yield head + tail.slice(1, 2) + tail.slice(0, 1) + tail.slice(2);
  }
}

test.each([DYNAMIC, STATIC, CYRILLIC, REORDERED])(
  'of all damages to one character none is taken for another code: %#',
  (text) => {
    const sound = read(text);
    let caught = 0;
    let same = 0;
    for (const damaged of damagesOf(text)) {
      const found = read(damaged);
      if (!found.ok) caught += 1;
      else {
        // Only what means the very same, such as a capital in the checksum.
        expect(found).toEqual(sound);
        same += 1;
      }
    }
    expect(caught).toBeGreaterThan(5000);
    expect(same).toBeLessThan(caught / 20);
  },
);

test('no bytes make the reader throw, as they are or grafted onto a code', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const place = fc.record({ bytes, at: fc.nat(140), encoding: fc.constantFrom('utf8', 'latin1', 'utf16le') });
  fc.assert(
    fc.property(place, ({ bytes: given, at, encoding }) => {
      const text = Buffer.from(given).toString(encoding);
      for (const one of [text, DYNAMIC.slice(0, at) + text, text + DYNAMIC.slice(at), `x#%${text}`]) {
        expect(typeof read(one).ok).toBe('boolean');
      }
    }),
    { numRuns: 1_000 },
  );
});
