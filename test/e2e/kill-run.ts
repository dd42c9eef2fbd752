import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readJournal, type Fact } from '../../src/main/cli/journal-facts.ts';
import { createRandom } from '../support/random.ts';
import {
  hasEnded,
  killTree,
  localSettings,
  outputOf,
  runProgram,
  startProgram,
  temporaryDataDir,
  type Settings,
} from '../support/product.ts';

export type KillRun = {
  readonly families: number;
  readonly concurrency: number;
  readonly kills: number;
  /** The same seed gives the same moments and kinds of kills. */
  readonly seed: number;
};

/** What the product lives between two kills, at least and more than that at most. */
const LEAST_LIFE_MS = 50;
const MORE_LIFE_MS = 700;
/** Longest life of one that is killed while it starts. */
const STARTING_MS = 2500;

/** Kills everything at one blow, or the node alone: then its database has to notice, while the next start begins. */
async function killSomehow(child: ChildProcess, random: () => number): Promise<void> {
  const alone = random() < 0.3;
  if (!alone || hasEnded(child)) return killTree(child);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Lets the product live for a random while, or dies during its start, again and again; answers the last one, alive. */
async function killAgainAndAgain(
  settings: Settings,
  { kills, seed }: KillRun,
  demo: ChildProcess,
): Promise<ChildProcess> {
  const random = createRandom(seed);
  let { child } = await startProgram('start', settings);
  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(LEAST_LIFE_MS + random() * MORE_LIFE_MS);
    expect(hasEnded(demo), `the demo ended before kill ${kill}`).toBe(false);
    await killSomehow(child, random);
    if (random() < 0.2) {
      const stillborn = runProgram('src/main/start.ts', [], settings);
      await sleep(random() * STARTING_MS);
      await killSomehow(stillborn, random);
    }
    ({ child } = await startProgram('start', settings));
  }
  return child;
}

/**
 * Families go to a park while the product is killed and started again on the same data. At the end every family is in, and
 * the checker finds everything they were told, and every rule kept.
 */
export async function surviveKills(run: KillRun): Promise<readonly Fact[]> {
  const dataDir = await temporaryDataDir();
  const settings = await localSettings(dataDir);
  const journal = join(dataDir, 'journal');
  // The first start makes the logins that the demo reads.
  const first = await startProgram('start', settings);
  await killTree(first.child);
  const demo = runProgram(
    'tools/demo.ts',
    ['--families', String(run.families), '--concurrency', String(run.concurrency), '--journal', journal],
    { SKYPARK_URL: first.url, SKYPARK_DATA_DIR: dataDir },
  );
  const demoOutput = outputOf(demo);
  const last = await killAgainAndAgain(settings, run, demo);
  expect(await demoOutput).toMatchObject({
    code: 0,
    text: expect.stringContaining(`${run.families} of ${run.families}`),
  });
  const stopped = outputOf(last);
  last.kill('SIGTERM');
  expect(await stopped).toMatchObject({ code: 0 });
  const check = runProgram('src/main/cli.ts', ['check', '--drained', '--journal', journal], {
    SKYPARK_DATA_DIR: dataDir,
  });
  const checked = await outputOf(check);
  expect(checked.text).toContain('All rules hold.');
  expect(checked.code).toBe(0);
  return readJournal(journal);
}
