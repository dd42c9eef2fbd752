import type { Answer } from './crew.ts';

const DAY_MS = 86_400_000;

/** What many seeds came to. */
export type Sum = {
  readonly seeds: number;
  readonly simulatedDays: number;
  readonly events: number;
  readonly seconds: number;
  readonly simulatedSecondsASecond: number;
  readonly violations: number;
  /** How often each kind of fault was made, and how many seeds came to each rare state. */
  readonly faults: Readonly<Record<string, number>>;
  readonly reached: Readonly<Record<string, number>>;
};

export type Tally = { add(answer: Answer): void; seeds(): number; sum(): Sum };

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));

export function newTally(): Tally {
  const beganMs = performance.now();
  const [faults, reached] = [new Map<string, number>(), new Map<string, number>()];
  const sums = { seeds: 0, simulatedMs: 0, events: 0, violations: 0 };
  return {
    seeds: () => sums.seeds,
    add(answer) {
      sums.seeds += 1;
      sums.simulatedMs += answer.simulatedMs;
      sums.events += answer.events;
      sums.violations += answer.violations.length;
      for (const [kind, times] of answer.faults) faults.set(kind, (faults.get(kind) ?? 0) + times);
      for (const [state] of answer.reached) reached.set(state, (reached.get(state) ?? 0) + 1);
    },
    sum() {
      const seconds = (performance.now() - beganMs) / 1000;
      return {
        seeds: sums.seeds,
        simulatedDays: Math.round(sums.simulatedMs / DAY_MS),
        events: sums.events,
        seconds: Math.round(seconds),
        simulatedSecondsASecond: Math.round(sums.simulatedMs / 1000 / seconds),
        violations: sums.violations,
        faults: sorted(faults),
        reached: sorted(reached),
      };
    },
  };
}

/** For people. */
export function tableOf({ faults, reached, ...sum }: Sum): string {
  const lines = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, times]) => `  ${String(times).padStart(6)}  ${name}`)
      .join('\n');
  return [
    `${sum.seeds} seeds: ${sum.simulatedDays} simulated days, ${sum.events} events in ${sum.seconds} s`,
    `(${sum.simulatedSecondsASecond} simulated seconds a second), ${sum.violations} violations`,
    'faults made:',
    lines(faults),
    'seeds that came to a state:',
    lines(reached),
  ].join('\n');
}
