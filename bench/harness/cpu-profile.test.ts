import { describe, expect, test } from 'vitest';
import { lastSeconds, ownerOf, sharesBy, totalsBy, type CpuProfile } from './cpu-profile.ts';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 0 });

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(idle)', '') },
    { id: 2, callFrame: frame('hash', 'node:internal/crypto') },
    { id: 3, children: [4, 2], callFrame: frame('query', 'file:///a/node_modules/pg/lib/client.js') },
    { id: 4, callFrame: frame('query', 'file:///a/node_modules/pg/lib/query.js') },
  ],
  samples: [1, 2, 3, 4, 3],
  timeDeltas: [900, 25, 25, 25, 25],
};

describe('a processor profile', () => {
  test('shares are of the busy time: waiting is not counted', () => {
    expect(sharesBy(profile, ownerOf)).toEqual([
      { name: 'pg', share: 0.75 },
      { name: 'Node', share: 0.25 },
    ]);
  });

  test('a total is the time of a function with what it calls, once however deep it calls itself', () => {
    expect(totalsBy(profile, ownerOf)).toEqual([
      { name: 'pg', share: 1 },
      { name: 'Node', share: 0.25 },
    ]);
    expect(totalsBy(profile, (url) => (url.startsWith('node:') ? 'Node' : null))).toEqual([
      { name: 'Node', share: 0.25 },
    ]);
  });

  test('the end of a profile leaves out its start', () => {
    const end = lastSeconds(profile, 50e-6);
    expect([end.samples, end.timeDeltas]).toEqual([
      [4, 3],
      [25, 25],
    ]);
    expect(lastSeconds(profile, 9)).toEqual(profile);
  });

  test('time belongs to a package, to Node, or to a part of the product', () => {
    expect(ownerOf('file:///a/node_modules/@scope/name/lib/x.js', 'f')).toBe('@scope/name');
    expect(ownerOf('file:///a/node_modules/outer/node_modules/inner/x.js', 'f')).toBe('inner');
    expect(ownerOf('file:///a/dist/modules/booking/http/x.js', 'f')).toBe('modules/booking');
    expect(ownerOf('file:///a/dist/kernel/x.js', 'f')).toBe('kernel');
    expect(ownerOf('', '(garbage collector)')).toBe('garbage collector');
  });
});
