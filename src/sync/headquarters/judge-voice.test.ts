import { expect, test } from 'vitest';
import type { Voice } from '../../modules/nodes/contract.ts';
import { IN_FLIGHT_MS, judgeVoice, SILENT_MS } from './judge-voice.ts';

const [LIFE, NEXT] = ['life', 'the next life'];
const NOW_MS = 1_000_000;
const voice = (process: string, firstAgoMs: number, agoMs: number, more: Partial<Voice> = {}): Voice => ({
  nodeId: 'park',
  life: LIFE,
  incarnation: LIFE,
  process,
  firstAtMs: NOW_MS - firstAgoMs,
  atMs: NOW_MS - agoMs,
  verdict: 'ok',
  trouble: null,
  isCopy: false,
  ...more,
});
const judge = (process: string, voices: readonly Voice[], incarnation = LIFE) =>
  judgeVoice({ incarnation, process }, LIFE, voices, NOW_MS);

test('a restart is no copy, however often: who ran before is not heard again', () => {
  const voices = [voice('first', 900_000, 300_000), voice('second', 250_000, 100_000), voice('third', 50_000, 0)];
  expect(judge('third', voices)).toEqual({ isCopy: false, copies: [], waitMs: 0 });
  expect(judge('new', voices)).toEqual({ isCopy: false, copies: [], waitMs: 0 });
});

test('who was started after one that is still there is a copy', () => {
  const voices = [voice('first', 900_000, 0), voice('second', IN_FLIGHT_MS, 0)];
  expect(judge('first', voices)).toEqual({ isCopy: false, copies: ['second'], waitMs: 0 });
  const known = [voice('first', 900_000, 0), voice('second', IN_FLIGHT_MS, 0, { isCopy: true })];
  expect(judge('second', known)).toEqual({ isCopy: true, copies: [], waitMs: 0 });
  expect(judge('first', known)).toEqual({ isCopy: false, copies: [], waitMs: 0 });
});

test('what was on its way while its process ended proves nothing', () => {
  const voices = [voice('first', 900_000, 0), voice('second', IN_FLIGHT_MS - 1, 0)];
  expect(judge('first', voices).copies).toEqual([]);
});

test('a copy makes nobody a copy', () => {
  const voices = [voice('true', 900_000, 0), voice('copy', 500_000, 0, { isCopy: true }), voice('late', 100_000, 0)];
  expect(judge('copy', voices).copies).toEqual([]);
});

test('a life that wants to stand in place of another one waits until that one is silent', () => {
  const voices = [voice('first', 900_000, 20_000), voice('next', 10_000, 10_000, { incarnation: NEXT })];
  expect(judge('next', voices, NEXT)).toEqual({ isCopy: false, copies: [], waitMs: SILENT_MS - 20_000 });
  const silent = [voice('first', 900_000, SILENT_MS), voice('next', 10_000, 10_000, { incarnation: NEXT })];
  expect(judge('next', silent, NEXT).waitMs).toBe(0);
});

test('it does not wait for what was heard while the clock was wrong', () => {
  const voices = [voice('first', 900_000, -86_400_000), voice('next', 10_000, 10_000, { incarnation: NEXT })];
  expect(judge('next', voices, NEXT).waitMs).toBe(0);
});

test('it does not wait for itself, and of two that want it the later one waits', () => {
  const voices = [
    voice('one', 50_000, 50_000),
    voice('one', 40_000, 5_000, { incarnation: NEXT }),
    voice('two', 30_000, 5_000, { incarnation: 'another life' }),
  ];
  expect(judge('one', voices, NEXT).waitMs).toBe(0);
  expect(judge('two', voices, 'another life').waitMs).toBe(SILENT_MS - 5_000);
});

test('whoever wants to stand in place of a life whose process is heard again is a copy, also where it was heard before', () => {
  const voices = [
    voice('restarted', 40_000, 0),
    voice('copy', 90_000, 40_000, { incarnation: NEXT }),
    voice('new copy', 5_000, 5_000, { incarnation: 'another life' }),
  ];
  expect(judge('restarted', voices).copies).toEqual(['copy']);
});
