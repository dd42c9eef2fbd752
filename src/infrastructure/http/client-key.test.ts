import { describe, expect, test } from 'vitest';
import { clientOf, subscriberOf } from './client-key.ts';

describe('a client', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('that is not signed in is its subscriber: %s is %s', (address, subscriber) => {
    expect(subscriberOf(address)).toBe(subscriber);
  });

  test('that is signed in is its account or its device, wherever it calls from', () => {
    const principal = { kind: 'user', userId: 'u1', sessionId: 's1', roles: [], actor: 'user:u1' } as const;
    expect(clientOf({ principal, ip: '203.0.113.7' })).toEqual({ kind: 'account', key: 'u1' });
    expect(clientOf({ principal: { ...principal, kind: 'device' }, ip: '203.0.113.7' })).toEqual({
      kind: 'device',
      key: 'u1',
    });
    expect(clientOf({ principal: null, ip: '203.0.113.7' })).toEqual({ kind: 'address', key: '203.0.113.7' });
  });
});
