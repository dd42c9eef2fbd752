import { createHash, generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bearerToken } from '../../src/infrastructure/http/access.ts';
import { versionOf } from '../../src/infrastructure/http/entity-tag.ts';
import { parseIdempotencyKey } from '../../src/infrastructure/http/idempotency.ts';
import { chooseLanguage } from '../../src/infrastructure/http/language.ts';
import { chooseMediaType } from '../../src/infrastructure/http/negotiation.ts';
import { PACKED_TYPE, unpackJson } from '../../src/infrastructure/http/packed-json.ts';
import { traceIdOf } from '../../src/infrastructure/http/request-identity.ts';
import { parseStrictJson } from '../../src/infrastructure/http/strict-json.ts';
import { parseStrictQuery } from '../../src/infrastructure/http/strict-query.ts';
import { createWebhookReader } from '../../src/infrastructure/payment-providers/bakai/webhook.ts';
import { bodyReadings } from '../../src/infrastructure/payment-providers/finik/canonical-json.ts';
import {
  readPrivateKey,
  readPublicKey,
  signRequest,
} from '../../src/infrastructure/payment-providers/finik/signature.ts';
import { readWebhook } from '../../src/infrastructure/payment-providers/finik/webhook.ts';
import { parseAdmissionCode } from '../../src/modules/admission/domain/admission-code.ts';
import { openStatement, readStatement } from '../../src/modules/ledger/domain/statement-file.ts';
import { parseElqr } from '../../src/modules/payment/domain/elqr.ts';
import { mobilePhoneNumbers } from '../../src/modules/user/persistence/mobile-phone-numbers.ts';

const SEED = 20_261_201;
const options = { seed: SEED, numRuns: 400 };
/** Far more than any of them needs for texts of this size, also on a busy machine. */
const SLOW_MS = 1_000;

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Texts that were good once, and any others; short ones, and long ones of one character. */
const texts = (good: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .record({ at: fc.nat(), cut: fc.nat(8), put: fc.string({ unit: 'binary', maxLength: 8 }) })
      .map(({ at, cut, put }) => {
        const index = at % (good.length + 1);
        return good.slice(0, index) + put + good.slice(index + cut);
      }),
    fc
      .record({ unit: fc.string({ minLength: 1, maxLength: 4 }), times: fc.nat(20_000) })
      .map(({ unit, times }) => unit.repeat(times)),
  );

const msOf = (work: () => unknown): number => {
  const startedAtMs = performance.now();
  work();
  return performance.now() - startedAtMs;
};

const BODY = {
  id: 'event-1',
  accountId: 'account',
  amount: 350,
  fields: { paymentId: '0190a8f0-0000-7000-8000-000000000001' },
  transactionId: 'bank-1',
  transactionDate: 1_795_000_000_000,
  status: 'SUCCEEDED',
};

describe('what reads texts of others never throws and never takes long', () => {
  const ELQR =
    '00020101021232590015qr.demirbank.kg01087062080910101120211130212520448145303417540512412005922DEMO54046304ABCD';
  const readers: readonly (readonly [string, string, (text: string) => unknown])[] = [
    ['an ELQR code', ELQR, (text) => parseElqr(text, sha256Hex)],
    ['an ELQR link', `https://pay.example/#${encodeURIComponent(ELQR)}`, (text) => parseElqr(text, sha256Hex)],
    ['an admission code', `A${'q'.repeat(150)}`, parseAdmissionCode],
    ['a phone number', '+996 555 123 456', (text) => mobilePhoneNumbers.parse(text)],
    ['an Authorization header', `Bearer ${'a'.repeat(300)}`, bearerToken],
    ['an Accept header', 'text/html, application/xml;q=0.9, */*;q=0.8', (text) => chooseMediaType(text, ['text/csv'])],
    ['an Accept-Language header', 'ky-KG, ru;q=0.8, en;q=0.5', chooseLanguage],
    ['an If-Match header', 'W/"12"', versionOf],
    ['an Idempotency-Key header', '"8e03978e-40d5-43e8-bc93-6894a57f9324"', parseIdempotencyKey],
    ['a traceparent header', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', traceIdOf],
    ['a query', 'limit=20&cursor=abc%20d&from=2026-12-01', parseStrictQuery],
    ['JSON', JSON.stringify(BODY), (text) => parseStrictJson(Buffer.from(text))],
  ];

  test.each(readers)('%s', (_what, good, read) => {
    fc.assert(
      fc.property(texts(good), (text) => {
        expect(msOf(() => read(text))).toBeLessThan(SLOW_MS);
      }),
      options,
    );
  });

  test('a segment between nodes that was packed and damaged', async () => {
    const packed = gzipSync(JSON.stringify({ segments: Array.from({ length: 30 }, () => BODY) }));
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), fc.nat(packed.length), async (at, to, end) => {
        const bytes = Buffer.from(packed.subarray(0, Math.max(end, 2)));
        if (at < bytes.length) bytes[at] = to;
        const { kind } = await unpackJson({ contentType: PACKED_TYPE, bytes }, 1_000_000, 10_000);
        expect(['value', 'malformed', 'too_large']).toContain(kind);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('a statement of a provider, in pieces of any size', async () => {
    const reading = {
      reference: 'reference',
      amount: 'amount',
      fee: null,
      date: null,
      kind: null,
      payoutWord: null,
      refundWord: null,
    };
    const good = 'reference,amount\r\nFNK-8841,350.00\r\n"FNK ""8842""",-350.00\r\n';
    await fc.assert(
      fc.asyncProperty(texts(good), fc.integer({ min: 1, max: 5_000 }), async (text, size) => {
        const bytes = Buffer.from(text.slice(0, 20_000));
        const file = {
          sha256: new Uint8Array(32),
          async *chunks() {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
          },
        };
        const opened = await openStatement(file, reading);
        if (!opened.ok) return;
        for await (const lines of readStatement(file, opened.value, reading)) {
          for (const line of lines) expect(line.number).toBeGreaterThan(0);
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('a message of a provider', () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const webhookUrl = new URL('https://park.example/api/v1/payments/webhooks/elqr');
  const settings = {
    webhookUrl,
    publicKeys: [readPublicKey(pair.publicKey)],
    accountId: 'account',
    clockSkewMs: 300_000,
  };
  const nowMs = BODY.transactionDate;

  test('that nobody signed is refused, whatever is in it and in its headers', () => {
    fc.assert(
      fc.property(texts(JSON.stringify(BODY)), fc.dictionary(fc.string(), fc.string()), (text, headers) => {
        const read = readWebhook({ rawBody: Buffer.from(text), headers, nowMs }, settings);
        expect(read.ok).toBe(false);
      }),
      options,
    );
  });

  test('that was signed is money only if it says so in full, whatever else it says', async () => {
    const privateKey = readPrivateKey(pair.privateKey);
    const bodies = fc
      .record({ name: fc.constantFrom(...Object.keys(BODY)), to: fc.jsonValue({ maxDepth: 2 }) })
      .map(({ name, to }) => ({ ...BODY, [name]: to }));
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const rawBody = Buffer.from(JSON.stringify(body));
        const headers = { 'x-api-timestamp': String(nowMs) };
        const [reading = ''] = bodyReadings(rawBody);
        const signature = await signRequest({ method: 'POST', url: webhookUrl, headers, body: reading }, privateKey);
        const read = readWebhook({ rawBody, headers: { ...headers, signature }, nowMs }, settings);
        if (!read.ok)
          expect(['malformed', 'wrong_account', 'bad_signature', 'stale_timestamp']).toContain(read.refusal.code);
        else if (read.value.outcome.kind === 'succeeded') {
          expect([body.status, body.accountId]).toEqual(['SUCCEEDED', 'account']);
          expect(read.value.outcome.amountTyiyn >= 0n).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  test('with the right secret and anything in it is read or refused, and never throws', () => {
    const read = createWebhookReader({ accountNo: 'account', secret: 'secret', senders: [] });
    const good = {
      accountNo: 'account',
      amount: 350,
      currencyID: 417,
      operationID: '0190a8f0000070008000000000000001',
      qrTransactionID: 'qr-1',
      operationState: 'SUCCESS',
    };
    fc.assert(
      fc.property(texts(JSON.stringify(good)), (text) => {
        const verdict = read({ rawBody: Buffer.from(text), headers: {}, secret: 'secret', nowMs });
        expect(typeof verdict.ok).toBe('boolean');
      }),
      options,
    );
  });
});
