import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthBySixteen } from '../../../test/support/least-times.ts';
import { bearerToken, hasRoleAt } from './access.ts';
import type { Principal } from './access.ts';
import { renderErrorDocs } from './error-docs.ts';
import { errorCodes, errorEntry } from './error-table.ts';
import { isDefinite, parseIdempotencyKey, requestFingerprint } from './idempotency.ts';
import { chooseLanguage } from './language.ts';
import { chooseMediaType } from './negotiation.ts';
import { problem, problemBody, problemHead } from './problem.ts';
import { acceptedRequestId, traceIdOf } from './request-identity.ts';
import { parseStrictQuery, queryFault } from './strict-query.ts';

describe('the error table', () => {
  test('every code has three titles of its own and a status of a refusal', () => {
    for (const code of errorCodes()) {
      const { status, title } = errorEntry(code);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(new Set([title.en, title.ru, title.ky]).size, code).toBe(3);
      expect(title.ru + title.ky, code).toMatch(/[а-яёңөү]/i);
    }
  });

  test('the page of errors has one row for every code', () => {
    const page = renderErrorDocs();
    for (const code of errorCodes()) expect(page.split(`\`${code}\``)).toHaveLength(2);
  });
});

describe('a problem', () => {
  test('extra members never replace the standard ones', () => {
    const body = problemBody(problem('conflict', { extra: { status: 200, code: 'x', remaining: 3 } }), 'r1', 'en');
    expect(body).toMatchObject({
      status: 409,
      code: 'conflict',
      remaining: 3,
      instance: 'urn:skypark:request:r1',
      request_id: 'r1',
    });
  });

  test('internal says nothing of its cause', () => {
    expect(JSON.stringify(problemBody(problem('internal', { detail: 'password=1' }), 'r', 'en'))).not.toContain(
      'password',
    );
  });

  test('Retry-After is whole seconds, at least one', () => {
    expect(problemHead(problem('rate_limited', { retryAfterSeconds: 0.2 }), 'en').headers['retry-after']).toBe('1');
    expect(problemHead(problem('busy'), 'en').headers['retry-after']).toBe('1');
    expect(problemHead(problem('conflict'), 'en').headers).not.toHaveProperty('retry-after');
  });
});

describe('a 401', () => {
  test('always says how to sign in, and what was wrong with a token when there was one', () => {
    const challengeOf = (reply: ReturnType<typeof problem>) => problemHead(reply, 'en').headers['www-authenticate'];
    expect(challengeOf(problem('unauthorized'))).toBe('Bearer realm="skypark"');
    expect(challengeOf(problem('invalid_credentials'))).toBe('Bearer realm="skypark"');
    expect(challengeOf(problem('forbidden'))).toBeUndefined();
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
    expect(challengeOf(problem('unauthorized', { headers }))).toBe('Bearer error="invalid_token"');
  });
});

describe('the language of texts', () => {
  test.each([
    [undefined, 'en'],
    ['ru', 'ru'],
    ['ky-KG, ru;q=0.9, en;q=0.8', 'ky'],
    ['de, en;q=0.3, ru;q=0.7', 'ru'],
    ['ru;q=0, ky;q=0.1', 'ky'],
    ['*', 'en'],
    [';;;q=', 'en'],
    ['RU-ru', 'ru'],
  ])('of Accept-Language %s is %s', (header, language) => {
    expect(chooseLanguage(header)).toBe(language);
  });

  test.each([
    ['hyphens', (size: number) => 'a-'.repeat(size / 2)],
    ['spaces', (size: number) => `ru;${' '.repeat(size - 4)}q`],
    ['weights', (size: number) => `ru;q=0.${'1'.repeat(size - 8)}x`],
  ])('is found in time that is in proportion to the header, of %s too', async (_what, headerOf) => {
    const growth = await growthBySixteen(31, (size) => {
      const header = headerOf(size);
      return () => Array.from({ length: 200 }, () => chooseLanguage(header));
    });
    expect(growth).toBeLessThan(64);
  });
});

describe('the media type of an answer', () => {
  const offers = ['image/png', 'image/svg+xml'] as const;
  test.each([
    [undefined, 'image/png'],
    ['*/*', 'image/png'],
    ['image/*', 'image/png'],
    ['image/svg+xml', 'image/svg+xml'],
    ['image/png;q=0.5, image/svg+xml;q=0.9', 'image/svg+xml'],
    ['image/png;q=0, */*', 'image/svg+xml'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'image/png'],
    ['IMAGE/PNG', 'image/png'],
    ['application/json', null],
    ['image/png;q=0', null],
    ['nonsense', null],
  ])('by Accept %s is %s', (header, chosen) => {
    expect(chooseMediaType(header, offers)).toBe(chosen);
  });
});

describe('who is asking', () => {
  test.each(['Bearer abc.def-_~+/==', 'bearer abc'])('%s is a Bearer credential', (header) => {
    expect(bearerToken(header)).not.toBeNull();
  });
  test.each([
    'Bearer',
    'Bearer ',
    'Bearer  abc',
    'Bearer a b',
    'Basic abc',
    'Bearer abc,',
    ' Bearer abc',
    `Bearer ${'a'.repeat(4097)}`,
    'Bearer a=b',
  ])('%s is none', (header) => {
    expect(bearerToken(header)).toBeNull();
  });

  test('a role at one park does not reach another; a role at all parks reaches each', () => {
    const at = (parkId: string | null): Principal => ({
      kind: 'user',
      userId: 'u',
      sessionId: 's',
      actor: 'user:u',
      roles: [{ role: 'manager', parkId }],
    });
    expect(hasRoleAt(at('p1'), ['manager'], 'p1')).toBe(true);
    expect(hasRoleAt(at('p1'), ['manager'], 'p2')).toBe(false);
    expect(hasRoleAt(at('p1'), ['manager'], null)).toBe(false);
    expect(hasRoleAt(at(null), ['manager'], 'p2')).toBe(true);
    expect(hasRoleAt(at(null), ['admin'], 'p2')).toBe(false);
  });
});

describe('the identity of a request', () => {
  test('a request id is taken only when it is short and plain', () => {
    expect(acceptedRequestId('abc-1.2_Z')).toBe('abc-1.2_Z');
    for (const bad of ['', 'a b', 'a\nb', 'ы', 'a'.repeat(65), undefined, ['a']])
      expect(acceptedRequestId(bad)).toBeNull();
  });

  test('a trace id is taken from a valid traceparent only', () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(traceIdOf(`00-${trace}-00f067aa0ba902b7-01`)).toBe(trace);
    for (const bad of [
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `00-${trace}-${'0'.repeat(16)}-01`,
      `01-${trace}-00f067aa0ba902b7-01-x`,
      trace,
      undefined,
    ]) {
      expect(traceIdOf(bad)).toBeNull();
    }
  });
});

describe('the query', () => {
  test.each([
    ['a=1&a=2', 'twice'],
    ['a=1&%61=2', 'twice'],
    ['__proto__=1', 'reserved'],
    ['constructor=1', 'reserved'],
    ['a=%zz', 'percent'],
    ['a=%ED%A0%BD', 'percent'],
    ['a=%00', 'NUL'],
    [Array.from({ length: 51 }, (_, index) => `p${index}=`).join('&'), 'more than'],
  ])('%s is refused', (text, why) => {
    expect(queryFault(parseStrictQuery(text))).toContain(why);
  });

  test('anything that URLSearchParams writes without repeats is read back', () => {
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !/\0|^(__proto__|constructor|prototype)$/.test(text));
    fc.assert(
      fc.property(
        fc.dictionary(
          name,
          fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
          { maxKeys: 8 },
        ),
        (values) => {
          const query = parseStrictQuery(new URLSearchParams(values).toString());
          expect({ ...query }).toEqual({ ...values });
        },
      ),
    );
  });
});

describe('idempotency keys', () => {
  test.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    [String.raw`"a\"b"`, 'a"b'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['', null],
    ['""', null],
    ['a b', null],
    ['"a b"', null],
    ['"abc', null],
    ['ключ', null],
    ['x'.repeat(256), null],
  ])('%s reads as %s', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  test('the fingerprint ignores the order of members and nothing else', () => {
    const of = (body: unknown, params: unknown = {}) => requestFingerprint('POST /x', params, {}, body, undefined);
    expect(of({ a: 1, b: { c: 2, d: 3 } })).toBe(of({ b: { d: 3, c: 2 }, a: 1 }));
    const distinct = [
      of({ a: 1 }),
      of({ a: '1' }),
      of({ a: [1, 2] }),
      of({ a: [2, 1] }),
      of([['a', 1]]),
      of({ a: 1 }, { id: '1' }),
      of({ a: null }),
      of({}),
    ];
    expect(new Set(distinct).size).toBe(distinct.length);
  });

  test('successes and lasting refusals are definite; faulty requests, limits and outages are not', () => {
    for (const status of [200, 201, 204]) expect(isDefinite({ status })).toBe(true);
    for (const code of ['park_at_capacity', 'not_found', 'forbidden'] as const)
      expect(isDefinite(problem(code))).toBe(true);
    for (const code of [
      'validation_failed',
      'unauthorized',
      'rate_limited',
      'busy',
      'internal',
      'payment_in_progress',
    ] as const) {
      expect(isDefinite(problem(code)), code).toBe(false);
    }
  });
});
