import { describe, expect, test } from 'vitest';
import { isForged, shownToken, userAgentOf, withoutCookie, withTokens } from './session-transport.ts';

const page = { 'x-session': 'cookie' };
const cookie = { cookie: 'theme=dark; __Host-refresh=abc; x=1' };

describe('the cookie of a session', () => {
  test('takes the refresh token out of the body and out of reach of scripts and other origins', () => {
    const answer = withTokens(page, { access_token: 'a', refresh_token: 'abc', expires_in: 600 });
    expect(answer.body).toEqual({ access_token: 'a', expires_in: 600 });
    expect(answer.headers).toEqual({
      'set-cookie': '__Host-refresh=abc; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Strict',
    });
    expect(withTokens({}, { refresh_token: 'abc' })).toEqual({ body: { refresh_token: 'abc' } });
  });

  test('counts only with the header that a page of another origin cannot send', () => {
    expect(shownToken({ ...page, ...cookie }, undefined)).toBe('abc');
    expect(shownToken({ ...page, ...cookie }, 'other')).toBe('abc');
    expect(shownToken(cookie, undefined)).toBeNull();
    expect(shownToken(cookie, 'other')).toBe('other');
    expect(shownToken(page, 'other')).toBeNull();
    expect(isForged(cookie)).toBe(true);
    expect(isForged({ ...page, ...cookie })).toBe(false);
    expect(isForged({ cookie: 'x__Host-refresh=abc' })).toBe(false);
  });

  test('is taken away with the attributes it was set with', () => {
    expect(withoutCookie(page).headers?.['set-cookie']).toMatch(
      /^__Host-refresh=; Max-Age=0; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    expect(withoutCookie({})).toEqual({});
  });
});

test.each([
  [{}, null],
  [{ 'user-agent': '' }, null],
  [{ 'user-agent': ' \t ' }, null],
  [{ 'user-agent': 'Mozilla/5.0 (Android 16)' }, 'Mozilla/5.0 (Android 16)'],
  [{ 'user-agent': 'a\u0000b\u001B[31mc' }, 'ab[31mc'],
  [{ 'user-agent': 'x'.repeat(5_000) }, 'x'.repeat(200)],
])('the program that signed in with %j is %j', (headers, name) => {
  expect(userAgentOf(headers)).toBe(name);
});
