import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { canonicalRequest, readPrivateKey, readPublicKey, signRequest, verifyRequest } from './signature.ts';

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const privateKey = readPrivateKey(pair.privateKey);
const publicKey = readPublicKey(pair.publicKey);
const nowMs = 1_795_000_000_000;
const time = { nowMs, clockSkewMs: 300_000 };
const url = new URL('https://park.example/hooks/%D0%BF?size=10&best=%D1%82%20%D0%B4(1)/2&test=');
const headers = {
  'x-api-timestamp': String(nowMs),
  'x-api-key': 'key',
  'x-other': 'no',
  'X-Forwarded-For': '127.0.0.1',
};

describe('canonical request', () => {
  test('method, decoded path, host and x-api headers, sorted encoded query, body', () => {
    expect(canonicalRequest({ method: 'POST', url, headers, body: '{"a":1}' })).toBe(
      'post\n/hooks/п\nhost:park.example&x-api-key:key&x-api-timestamp:1795000000000\n' +
        'best=%D1%82%20%D0%B4%281%29/2&size=10&test=\n{"a":1}',
    );
  });

  test('an empty query has no line, an empty body an empty one', () => {
    const plain = { method: 'GET', url: new URL('http://127.0.0.1:8090/v1/payment/x'), headers: {}, body: '' };
    expect(canonicalRequest(plain)).toBe('get\n/v1/payment/x\nhost:127.0.0.1:8090\n');
  });

  test('a body is compact, sorted at every depth and ASCII', () => {
    expect(canonicalJson({ b: [{ z: 1, y: null }], a: 'ё', B: 'x"' })).toBe(
      '{"B":"x\\"","a":"\\u0451","b":[{"y":null,"z":1}]}',
    );
  });
});

/** The public half of some key pair. */
const anotherKey = () =>
  readPublicKey(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );

describe('verification', () => {
  async function signed(sentBody: string, signedBody: string) {
    const signature = await signRequest({ method: 'POST', url, headers, body: signedBody }, privateKey);
    return { method: 'POST', url, headers: { ...headers, signature }, rawBody: Buffer.from(sentBody) };
  }

  test.each([
    ['the bytes as sent', '{"b": 1.50, "a":2}', '{"b": 1.50, "a":2}'],
    ['sorted keys', '{"b": 1, "a": "ё"}', '{"a":"ё","b":1}'],
    ['sorted keys in ASCII', '{"b": 1, "a": "ё"}', '{"a":"\\u0451","b":1}'],
    ['no body', '', ''],
  ])('a signature over %s is valid', async (_what, sent, signedBody) => {
    expect(verifyRequest(await signed(sent, signedBody), [publicKey], time)).toBe('valid');
  });

  const meant = '{"amount":350,"fields":{"a":1,"b":2},"note":"ё"}';

  test.each([
    ['spaces and lines', '{ "amount": 350,\n  "fields": { "a": 1, "b": 2 }, "note": "ё" }'],
    ['the order of its own names', '{"note":"ё","fields":{"a":1,"b":2},"amount":350}'],
    ['escapes', '{"amount":350,"fields":{"a":1,"b":2},"note":"\\u0451"}'],
    ['another spelling of a number', '{"amount":3.50e2,"fields":{"a":1,"b":2},"note":"ё"}'],
  ])('the scheme signs what a body means: a proxy may write %s anew', async (_what, sent) => {
    expect(verifyRequest(await signed(sent, meant), [publicKey], time)).toBe('valid');
  });

  test.each([
    ['the order of names further down', '{"amount":350,"fields":{"b":2,"a":1},"note":"ё"}'],
    ['a value', '{"amount":35,"fields":{"a":1,"b":2},"note":"ё"}'],
    ['the kind of a value', '{"amount":"350","fields":{"a":1,"b":2},"note":"ё"}'],
    ['one name more', '{"amount":350,"fields":{"a":1,"b":2},"more":0,"note":"ё"}'],
    ['one name less', '{"amount":350,"fields":{"a":1,"b":2}}'],
    ['a name twice, the last as signed', '{"amount":1,"amount":350,"fields":{"a":1,"b":2},"note":"ё"}'],
    ['a name twice, the first as signed', '{"amount":350,"amount":1,"fields":{"a":1,"b":2},"note":"ё"}'],
    ['letters that are composed otherwise', '{"amount":350,"fields":{"a":1,"b":2},"note":"\u0435\u0308"}'],
  ])('with %s changed on its way it is a bad signature', async (_what, sent) => {
    expect(verifyRequest(await signed(sent, meant), [publicKey], time)).toBe('bad_signature');
  });

  test('of bytes that were signed as they are no proxy may change the meaning or, beyond its own names, the order', async () => {
    const bytes = '{"b": {"y": 1.50, "x": 2}, "a": 1}';
    expect(verifyRequest(await signed(bytes, bytes), [publicKey], time)).toBe('valid');
    expect(verifyRequest(await signed('{"b":{"y":1.5,"x":2},"a":1}', bytes), [publicKey], time)).toBe('bad_signature');
  });

  test('another body, path, host, method, header or key is a bad signature', async () => {
    const request = await signed('{"amount":350}', '{"amount":350}');
    const changes = [
      { rawBody: Buffer.from('{"amount":35000}') },
      { rawBody: Buffer.from('{"amount":350,"amount":1}') },
      { url: new URL('https://park.example/hooks/other') },
      { url: new URL('https://evil.example/hooks/%D0%BF?size=10&best=%D1%82%20%D0%B4(1)/2&test=') },
      { method: 'PUT' },
      { headers: { ...request.headers, 'x-api-timestamp': String(nowMs + 1) } },
      { headers: { ...request.headers, 'x-api-more': '1' } },
      { headers: { ...request.headers, signature: '' } },
      { headers: { ...request.headers, signature: [request.headers.signature, request.headers.signature] } },
      { headers: {} },
    ];
    for (const change of changes)
      expect(verifyRequest({ ...request, ...change }, [publicKey], time)).toBe('bad_signature');
    expect(verifyRequest(request, [anotherKey()], time)).toBe('bad_signature');
    expect(verifyRequest(request, [], time)).toBe('bad_signature');
  });

  test('while a key is changed the old and the new one are good, and a third is not', async () => {
    const request = await signed('{}', '{}');
    const [other, third] = [anotherKey(), anotherKey()];
    expect(verifyRequest(request, [publicKey, other], time)).toBe('valid');
    expect(verifyRequest(request, [other, publicKey], time)).toBe('valid');
    expect(verifyRequest(request, [other, third], time)).toBe('bad_signature');
  });

  test('a genuine request is stale beyond the skew on either side', async () => {
    const request = await signed('{}', '{}');
    const at = (offsetMs: number) => verifyRequest(request, [publicKey], { ...time, nowMs: nowMs + offsetMs });
    expect([at(300_000), at(-300_000), at(300_001), at(-300_001)]).toEqual([
      'valid',
      'valid',
      'stale_timestamp',
      'stale_timestamp',
    ]);
  });
});
