import { setTimeout as sleep } from 'node:timers/promises';
import { wholeMachine, type CpuMeter } from './cpu.ts';
import { median, rotated, type Latencies } from './statistics.ts';

/** What one contender did in one round. */
export type Run = { readonly operations: number; readonly seconds: number } & Partial<Latencies>;

export type Contender = {
  readonly name: string;
  /** The processes that take part, by what they are: those that do its work, and `load` where that comes from another. */
  readonly processes: Readonly<Record<string, CpuMeter>>;
  run(seconds: number): Promise<Run>;
};

export type Round = Run & {
  readonly perSecond: number;
  /** Processor microseconds an operation, by process. */
  readonly cpuUs: Readonly<Record<string, number>>;
  /** Cores that everything else on the machine kept busy. */
  readonly otherCores: number;
};

export type Results = ReadonlyMap<string, readonly Round[]>;

export type Pace = {
  readonly rounds: number;
  /** Of each contender in each round. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How much work, of a bench that does a given amount of it. */
  readonly events?: number;
};

/** Lets what a contender left behind (dirty pages, closing connections) pass before the next one starts. */
const PAUSE_MS = 150;

/** One round of one contender. */
export async function measure({ processes, run }: Contender, seconds: number): Promise<Round> {
  const meters = Object.entries(processes);
  const before = meters.map(([, meter]) => meter());
  const machineBefore = wholeMachine();
  const done = await run(seconds);
  const machineUsed = wholeMachine() - machineBefore;
  const used = meters.map(([, meter], index) => meter() - (before[index] ?? Number.NaN));
  const cpuUs = Object.fromEntries(
    meters.map(([name], index) => [name, ((used[index] ?? Number.NaN) * 1e6) / done.operations]),
  );
  const otherCores = Math.max(0, machineUsed - used.reduce((sum, value) => sum + value, 0)) / done.seconds;
  return { ...done, perSecond: done.operations / done.seconds, cpuUs, otherCores };
}

/**
 * Runs all contenders in every round, each time beginning with another one, after a round that does not count.
 * @param afterWarmUp readies what the warm-up has filled.
 */
export async function runContest(
  contenders: readonly Contender[],
  pace: Pace,
  say: (line: string) => void,
  afterWarmUp: () => Promise<void>,
): Promise<Results> {
  const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) {
    await contender.run(pace.warmUpSeconds);
    await sleep(PAUSE_MS);
  }
  await afterWarmUp();
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const contender of rotated(contenders, round)) {
      const done = await measure(contender, pace.seconds);
      results.get(contender.name)?.push(done);
      say(`  round ${round + 1}/${pace.rounds}  ${contender.name}: ${Math.round(done.perSecond)}/s`);
      await sleep(PAUSE_MS);
    }
  }
  return results;
}

/** One number of every round of a contender. */
export function everyRound(results: Results, name: string, pick: (round: Round) => number): readonly number[] {
  const rounds = results.get(name);
  if (rounds === undefined) throw new Error(`nobody called "${name}" took part`);
  return rounds.map(pick);
}

export const rates = (results: Results, name: string): readonly number[] =>
  everyRound(results, name, ({ perSecond }) => perSecond);

export const medianOf = (results: Results, name: string, pick: (round: Round) => number): number =>
  median(everyRound(results, name, pick));

/** Cores that strangers kept busy in the middle round. Above a quarter of a core, rates say little about a small machine. */
export const strangersOf = (results: Results): number =>
  median([...results.values()].flatMap((rounds) => rounds.map(({ otherCores }) => otherCores)));
