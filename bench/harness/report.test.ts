import { describe, expect, test } from 'vitest';
import type { Round } from './contest.ts';
import { bar, barsTable, holds, jsonOf, markdownOf, shown, table } from './report.ts';

const round = (perSecond: number, p50Ms: number): Round => ({
  operations: perSecond * 2,
  seconds: 2,
  perSecond,
  p50Ms,
  p99Ms: 2 * p50Ms,
  mostMs: 3 * p50Ms,
  cpuUs: { node: 25, postgres: Number.NaN },
  otherCores: 0.5,
});

const report = {
  name: 'example',
  title: 'An example',
  about: ['What was done.'],
  results: new Map([['ours', [round(100, 1), round(300, 3), round(200, 2)]]]),
  bars: [bar('P0', 'ratio', 'at least', 2, 2.5, 3)],
  facts: { bytes: 640 },
};

describe('the report of a benchmark', () => {
  test('a bar is met at its floor, on the right side of it, and never by what was not measured', () => {
    expect(holds(bar('P0', '', 'at least', 2, 2))).toBe(true);
    expect(holds(bar('P0', '', 'at least', 2, 1.99))).toBe(false);
    expect(holds(bar('P0', '', 'at most', 2, 2))).toBe(true);
    expect(holds(bar('P0', '', 'at most', 2, 2.01))).toBe(false);
    expect(holds(bar('P0', '', 'at least', 2, Number.NaN))).toBe(false);
    expect(holds(bar('P0', '', 'at most', 2, Number.NaN))).toBe(false);
  });

  test('a missed bar stands out, a goal beyond the floor is named', () => {
    const text = barsTable([bar('P1', 'rate', 'at least', 1.3, 1.2, 2), bar('P3', 'wait', 'at most', 1.5, 1.1)]);
    expect(text).toContain('at least 1.3 (goal 2)');
    expect(text).toMatch(/P1 .*NO/);
    expect(text).toMatch(/P3 .*yes/);
  });

  test('numbers have three digits or so, and nothing is shown for what was not measured', () => {
    expect([1234.5, 45.678, 4.567, 0, Number.NaN, undefined].map(shown)).toEqual([
      '1235',
      '45.7',
      '4.57',
      '0',
      '–',
      '–',
    ]);
  });

  test('columns of a table stand under each other', () => {
    const lines = table(
      ['name', 'n'],
      [
        ['a', '1'],
        ['longer', '22'],
      ],
    ).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  test('a contender is shown by the medians of its rounds and their range', () => {
    const text = markdownOf(report);
    expect(text).toMatch(/\| ours +\| 200 +\| 100–300 +\| 2\.00 +\| 4\.00 +\| 6\.00 +\| 25\.0 +\| – +\| 0\.50/);
    expect(text).toContain('- bytes: 640');
  });

  test('a run that had to share its machine says so', () => {
    const alone = { ...report, results: new Map([['ours', [{ ...round(1, 1), otherCores: 0.1 }]]]) };
    expect(markdownOf(report)).toContain('Not a quiet machine');
    expect(markdownOf(alone)).not.toContain('Not a quiet machine');
  });

  test('what is kept holds every round', () => {
    expect(jsonOf(report)).toMatchObject({
      results: { ours: [{ perSecond: 100 }, { perSecond: 300 }, { perSecond: 200 }] },
    });
  });
});
