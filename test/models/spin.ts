import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type TestContext } from 'vitest';
import { readProjectFile } from '../support/project-files.ts';
import { withTemporaryTree } from '../support/temporary-tree.ts';

const run = promisify(execFile);

/** How deep a path may be before SPIN gives up on it, and says so. */
const DEEPEST = 20_000;

const isThere = (program: string, flag: string): boolean => spawnSync(program, [flag]).error === undefined;
const hasSpin = isThere('spin', '-V') && isThere('gcc', '--version');

/** Skips the test, aloud, where SPIN or gcc is not installed; in CI it fails. */
export function needsSpin(context: TestContext): void {
  if (!hasSpin && !process.env['CI']) context.skip('SPIN is not installed (Debian: spin, gcc)');
  expect(hasSpin, 'spin or gcc is missing: in CI the models must be judged').toBe(true);
}

export type Verdict = {
  readonly errors: number;
  /** How many states were looked at. */
  readonly states: number;
  /** Whether nothing was left out, as it is after the first error, and where a path was too deep or memory ran out. */
  readonly isWhole: boolean;
  /** The first rule that was broken, in the words of SPIN. */
  readonly broken: string | null;
  /** What is in the model and no run comes to, by its process; where an endless process would end is not told. */
  readonly unreached: readonly string[];
};

function verdictIn(told: string): Verdict {
  const number = (pattern: RegExp): number => Number(pattern.exec(told)?.[1] ?? Number.NaN);
  const unreached = [...told.matchAll(/^unreached in proctype (\w+)\n((?:\t.*\n)*)/gm)].flatMap(
    ([, process = '', lines = '']) =>
      [...lines.matchAll(/state \d+, "(.*)"$/gm)]
        .filter(([, what]) => what !== '-end-')
        .map(([, what = '']) => `${process}: ${what}`),
  );
  return {
    errors: number(/errors: (\d+)$/m),
    states: number(/^\s*(\d+) states, stored/m),
    isWhole: !/Search not completed|max search depth too small|out of memory/.test(told),
    broken: /^pan:\d+: (.*) \(at depth \d+\)$/m.exec(told)?.[1] ?? null,
    unreached,
  };
}

/**
 * Has SPIN look at every state of a model of `models/`.
 *
 * @param rule `safety`: assertions and dead ends. `liveness`: the model's formula, on every run that is weakly fair
 * @param defines names that the model tests with #ifdef
 */
export async function judge(
  model: string,
  rule: 'safety' | 'liveness',
  defines: readonly string[] = [],
): Promise<Verdict> {
  const file = `${model}.pml`;
  return withTemporaryTree({ [file]: readProjectFile(join('models', file)) }, async (cwd) => {
    await run('spin', ['-a', ...defines.map((name) => `-D${name}`), file], { cwd });
    // Compiling better takes longer than it saves.
    await run('gcc', ['-O0', '-w', rule === 'safety' ? '-DSAFETY' : '-DNFAIR=3', '-o', 'pan', 'pan.c'], { cwd });
    const how = rule === 'safety' ? ['-noclaim'] : ['-a', '-f'];
    const { stdout } = await run('./pan', [`-m${DEEPEST}`, '-w20', ...how], { cwd });
    return verdictIn(stdout);
  });
}

/** What a model did, and what is so after it, by name. */
export type Step = {
  readonly action: string;
  readonly which: number;
  readonly places: number;
  readonly after: Readonly<Record<string, string>>;
};

/** A line that was cut off is left out. */
const stepsIn = (told: string): readonly Step[] =>
  [...told.matchAll(/^@ (\w+) (\d+) (\d+)((?: \w+=\d+)+)\n/gm)].map(([, action = '', which, places, after = '']) => ({
    action,
    which: Number(which),
    places: Number(places),
    after: Object.fromEntries(
      after
        .trim()
        .split(' ')
        .map((one) => one.split('=')),
    ),
  }));

/** How long a run is before SPIN ends it. */
const LONGEST_RUN = 400;

/** Has SPIN run a model of `models/` at random. @returns what each run did; run by run the same whenever it is asked */
export async function runsOf(model: string, seeds: number): Promise<readonly (readonly Step[])[]> {
  const file = `${model}.pml`;
  return withTemporaryTree({ [file]: readProjectFile(join('models', file)) }, async (cwd) => {
    // Once for all: to have it done for every run would take twice as long.
    await run('gcc', ['-E', '-P', '-x', 'c', '-DAT_RANDOM', '-o', 'plain.pml', file], { cwd });
    const runs: (readonly Step[])[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const how = ['-Pcat', `-n${seed}`, `-u${LONGEST_RUN}`, '-B', '-T', 'plain.pml'];
      runs.push(stepsIn((await run('spin', how, { cwd })).stdout));
    }
    return runs;
  });
}
