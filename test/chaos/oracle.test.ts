import { expect, test } from 'vitest';
import { newDiary } from '../simulation/diary.ts';
import { ChaosNode } from './node.ts';
import { behindIn, parkedIn, untriedIn, verdictSince } from './oracle.ts';
import { loseUnheard, noteBrought } from './scene.ts';

const LAG = 'skypark_subscription_lag_events';

test('a node whose flows have heard everything is not behind, and one that does not say so is', () => {
  expect(behindIn('hq', `# HELP ${LAG} Events\n${LAG}{subscription="relay"} 0\n`)).toEqual([]);
  expect(behindIn('hq', `${LAG}{subscription="relay"} 0\n${LAG}{subscription="flow.void"} 12\n`)).toEqual([
    'flow.void of hq lags by 12',
  ]);
  expect(behindIn('hq', '')).toEqual(['hq does not say how far its flows are']);
});

test('an event that is parked is a trouble', () => {
  expect(parkedIn([])).toEqual([]);
  expect(parkedIn([{ subscription: 'flow.void', events: 2, sinceMs: 0 }])).toEqual([
    'flow.void could not handle 2 events',
  ]);
});

test('a park is well only where it was heard since everything was mended', () => {
  expect(verdictSince(100, { verdict: 'ok', atMs: 101 })).toBe('ok');
  expect(verdictSince(100, { verdict: 'ok', atMs: 99 })).toBe('unreachable');
  expect(verdictSince(100, { verdict: 'unknown', atMs: 101 })).toBe('unreachable');
  expect(verdictSince(100, null)).toBe('unreachable');
});

const held = { parkId: 'alpha' } as never;

test('a day on which nothing broke, nobody came or a step did not come about says nothing', () => {
  const quiet = { parkIds: ['alpha'], tickets: [], passages: [], faults: new Map<string, number>(), undone: [] };
  expect(untriedIn(quiet, false).map(({ what }) => what)).toEqual([
    'nothing broke',
    'no ticket was sold for alpha',
    'nobody passed a gate of alpha',
  ]);
  const undone = ['11 s  kill, node alpha: it had ended already'];
  const lively = { ...quiet, tickets: [held], passages: [held], faults: new Map([['pull', 1]]), undone };
  expect(untriedIn(lively, false)).toEqual([]);
  expect(untriedIn(lively, true)).toEqual([{ rule: 'tried', what: undone[0] }]);
});

test('a node that does not run is neither killed nor paused', async () => {
  const node = new ChaosNode({
    name: 'alpha-node',
    program: 'park-node',
    at: [],
    settings: {},
    url: '',
    disk: '',
    logFile: '',
    caFile: '',
  });
  expect([await node.kill('program'), await node.kill('machine'), await node.signal('SIGSTOP')]).toEqual([
    false,
    false,
    false,
  ]);
});

test('a park that was put back may have forgotten what headquarters had not taken from it since, and nothing else', () => {
  const diary = newDiary<string>();
  const at = { at: 'alpha', parkId: 'alpha', ticketId: 't', date: '2026-12-05', direction: 'in', people: 1 } as const;
  for (const [scanId, atMs] of Object.entries({ before: 1, heard: 3, unheard: 3 })) {
    diary.passages.push({ ...at, scanId, atMs, isLost: false });
  }
  diary.passages.push({ ...at, scanId: 'of another', at: 'beta', atMs: 3, isLost: false });
  loseUnheard(diary, 'alpha', 2, new Set(['heard']));
  expect(diary.passages.filter(({ isLost }) => isLost).map(({ scanId }) => scanId)).toEqual(['unheard']);
});

test('what a gate let in alone is known once it was brought, and again after its node was put back', () => {
  const { passages } = newDiary<string>();
  const at = {
    at: 'alpha',
    parkId: 'alpha',
    ticketId: 'ticket',
    date: '2026-12-05',
    direction: 'in',
    people: 1,
  } as const;
  passages.push({ ...at, atMs: 1, isLost: true, isAlone: true, scanId: 'one' });
  passages.push({ ...at, atMs: 1, isLost: false, isAlone: true, scanId: 'two', toldAtMs: 2 });
  noteBrought({ passages }, ['one', 'two']);
  expect(passages.map(({ isLost }) => isLost)).toEqual([false, false]);
  expect(passages[0]?.toldAtMs).toBeGreaterThan(2);
  expect(passages[1]?.toldAtMs).toBe(2);
});
