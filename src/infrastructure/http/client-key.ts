import { isIPv4, isIPv6 } from 'node:net';
import type { Principal } from './access.ts';

/** Whom a request is counted for: the account or device that sent it, or the address of somebody who is not signed in. */
export type ClientKey = { readonly kind: 'account' | 'device' | 'address'; readonly key: string };

/** Bits of an IPv6 address that name a subscriber; whoever has one has all the addresses behind it. */
const GROUPS_OF_A_SUBSCRIBER = 4;

/** The address as one subscriber has it: IPv4 as it is, IPv6 up to its /64. */
export function subscriberOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIPv4(address) || !isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, GROUPS_OF_A_SUBSCRIBER);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

export function clientOf({ principal, ip }: { readonly principal: Principal | null; readonly ip: string }): ClientKey {
  if (principal === null) return { kind: 'address', key: subscriberOf(ip) };
  return { kind: principal.kind === 'device' ? 'device' : 'account', key: principal.userId };
}
