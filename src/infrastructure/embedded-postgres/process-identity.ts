import { readFile, readlink } from 'node:fs/promises';
import { systemCode } from '../system-code.ts';

/**
 * A process that can be told from a later one with the same number. The start (clock ticks since boot) and the namespace
 * of process numbers are null where the system has no /proc.
 */
export type ProcessIdentity = {
  readonly pid: number;
  readonly startTicks: string | null;
  readonly pidNamespace: string | null;
};

async function startTicksOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field, the name in parentheses, may hold spaces; the start is field 22.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

const ownNamespace = (): Promise<string | null> => readlink('/proc/self/ns/pid').catch(() => null);

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startTicks: await startTicksOf(pid), pidNamespace: await ownNamespace() };
}

export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

/** Whether that very process still runs. One of another container counts as running: it cannot be seen from here. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (identity.pidNamespace !== (await ownNamespace())) return true;
  return pidExists(identity.pid) && (await startTicksOf(identity.pid)) === identity.startTicks;
}
