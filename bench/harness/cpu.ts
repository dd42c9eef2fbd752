import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second towards programs, whatever its own clock. */
const TICKS_A_SECOND = 100;

export type ProcessStat = { readonly parentPid: number; readonly ownTicks: number; readonly waitedTicks: number };

/** A line of `/proc/<pid>/stat`. The name in it may hold spaces and brackets, so fields are counted from its end. */
export function parseProcessStat(line: string): ProcessStat {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parentPid = 0] = fields.slice(1);
  const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] = fields.slice(11);
  return { parentPid, ownTicks: user + system, waitedTicks: waitedUser + waitedSystem };
}

function statOf(pid: number | 'self'): ProcessStat | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Processor seconds used so far, user and system; not a number where it cannot be told. */
export type CpuMeter = () => number;

/** Of one process. */
export const meterOf =
  (pid: number): CpuMeter =>
  () =>
    (statOf(pid)?.ownTicks ?? Number.NaN) / TICKS_A_SECOND;

/** Of all children of this process that have ended. */
export const endedChildren: CpuMeter = () => (statOf('self')?.waitedTicks ?? Number.NaN) / TICKS_A_SECOND;

/** Of a process, of all its living descendants and of its children that have ended. */
export const familyMeterOf =
  (pid: number): CpuMeter =>
  () => {
    const stats = new Map<number, ProcessStat>();
    for (const name of listProcesses()) {
      const stat = statOf(name);
      if (stat !== null) stats.set(name, stat);
    }
    const root = stats.get(pid);
    if (root === undefined) return Number.NaN;
    let ticks = root.waitedTicks;
    for (const [other, stat] of stats) if (descends(stats, other, pid)) ticks += stat.ownTicks;
    return ticks / TICKS_A_SECOND;
  };

function listProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function descends(stats: ReadonlyMap<number, ProcessStat>, pid: number, ancestor: number): boolean {
  for (let at = pid; at !== 0; at = stats.get(at)?.parentPid ?? 0) if (at === ancestor) return true;
  return false;
}

/** The parent of a process; null where it cannot be told. */
export const parentOf = (pid: number): number | null => statOf(pid)?.parentPid ?? null;

/** Processor seconds that the whole machine has spent at work. */
export const wholeMachine: CpuMeter = () => {
  try {
    const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).map(Number);
    const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = ticks;
    return (user + nice + system + interrupts + softInterrupts) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
};
