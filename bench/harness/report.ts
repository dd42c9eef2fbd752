import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Results } from './contest.ts';
import { everyRound, strangersOf } from './contest.ts';
import type { BenchServer } from './server.ts';
import { median } from './statistics.ts';

export type Bar = {
  readonly id: string;
  readonly what: string;
  readonly direction: 'at least' | 'at most';
  readonly floor: number;
  /** Beyond the floor: what we would like. */
  readonly goal: number | null;
  readonly measured: number;
};

export const bar = (
  id: string,
  what: string,
  direction: Bar['direction'],
  floor: number,
  measured: number,
  goal: number | null = null,
): Bar => ({ id, what, direction, floor, goal, measured });

/** Whether a bar is met; what could not be measured is not. */
export const holds = ({ direction, floor, measured }: Bar): boolean =>
  direction === 'at least' ? measured >= floor : measured <= floor;

/** One bench as it is shown and kept. */
export type Report = {
  readonly name: string;
  readonly title: string;
  readonly about: readonly string[];
  readonly results: Results;
  readonly bars: readonly Bar[];
  /** Single numbers that belong to no contender's rate. */
  readonly facts: Readonly<Record<string, number>>;
};

export type Surroundings = {
  readonly machine: string;
  readonly versions: string;
  readonly database: string;
  readonly pace: string;
};

export function surroundings(server: BenchServer, pace: string): Surroundings {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const settings = Object.entries(server.settings).map(([name, value]) => `${name}=${value}`);
  return {
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${gigabytes} GiB, ${type()} ${release()} ${arch()}`,
    versions: `Node ${process.versions.node}, ${server.description}`,
    database: settings.join(', '),
    pace,
  };
}

/** A number in as many digits as a reader needs; a dash for what was not measured. */
export function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (value === 0 || value >= 100) return String(Math.round(value));
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, 3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function contendersTable(results: Results): string {
  const labels = [...new Set([...results.values()].flatMap(([first]) => Object.keys(first?.cpuUs ?? {})))];
  const rows = [...results.keys()].map((name) => {
    const middle = (pick: (round: Parameters<Parameters<typeof everyRound>[2]>[0]) => number | undefined): string =>
      shown(median(everyRound(results, name, (round) => pick(round) ?? Number.NaN)));
    const rate = everyRound(results, name, ({ perSecond }) => perSecond);
    return [
      name,
      shown(median(rate)),
      `${shown(Math.min(...rate))}–${shown(Math.max(...rate))}`,
      middle(({ p50Ms }) => p50Ms),
      middle(({ p99Ms }) => p99Ms),
      middle(({ mostMs }) => mostMs),
      ...labels.map((label) => middle(({ cpuUs }) => cpuUs[label])),
      middle(({ otherCores }) => otherCores),
    ];
  });
  const cpu = labels.map((label) => `CPU µs: ${label}`);
  return table(['contender', 'per s', 'rounds', 'p50 ms', 'p99 ms', 'max ms', ...cpu, 'other cores'], rows);
}

export function barsTable(bars: readonly Bar[]): string {
  const rows = bars.map((each) => [
    each.id,
    each.what,
    `${each.direction} ${each.floor}${each.goal === null ? '' : ` (goal ${each.goal})`}`,
    shown(each.measured),
    holds(each) ? 'yes' : 'NO',
  ]);
  return table(['bar', 'what', 'floor', 'measured', 'holds'], rows);
}

const NOISY_CORES = 0.25;

/** Says so when a run was not alone on its machine. */
function noiseOf(results: Results): readonly string[] {
  const cores = strangersOf(results);
  return cores > NOISY_CORES
    ? [
        `**Not a quiet machine:** other programs kept ${shown(cores)} cores busy. Rates and waits suffer, and not on both sides alike; the processor time an operation is steadier.`,
      ]
    : [];
}

/** The report as Markdown, a chapter of a document. */
export function markdownOf(report: Report): string {
  const facts = Object.entries(report.facts).map(([name, value]) => `- ${name}: ${shown(value)}`);
  const parts = [
    `## ${report.title}`,
    ...report.about,
    ...noiseOf(report.results),
    contendersTable(report.results),
    ...(facts.length === 0 ? [] : [facts.join('\n')]),
    barsTable(report.bars),
  ];
  return parts.join('\n\n');
}

export function surroundingsText({ machine, versions, database, pace }: Surroundings): string {
  return [`- Machine: ${machine}`, `- Versions: ${versions}`, `- Database: ${database}`, `- Pace: ${pace}`].join('\n');
}

/** The report as data, every round of it. */
export const jsonOf = (report: Report): object => ({
  ...report,
  results: Object.fromEntries(report.results),
  bars: report.bars.map((each) => ({ ...each, holds: holds(each) })),
});
