import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

const TAIL_CHARACTERS = 4000;
const TAIL_LINES = 15;
const LIMIT_MS = 300_000;

/** The end of a program's error output, bounded in memory: what a person needs to see why it failed. */
export class OutputTail {
  #text = '';

  add(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-TAIL_CHARACTERS);
  }

  toString(): string {
    return this.#text.trim().split('\n').slice(-TAIL_LINES).join('\n');
  }
}

/**
 * The environment of every child: no PG* variable, library path or secret of ours may reach it. The locale is fixed so
 * that messages are in English.
 */
export function childEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
}

/** `uid` and `gid` for spawn, or nothing when the child runs as the current user. */
export const asAccount = (account: Account | null): { uid: number; gid: number } | Record<string, never> =>
  account === null ? {} : { uid: account.uid, gid: account.gid };

export type ProgramRun = {
  readonly command: string;
  readonly args: readonly string[];
  readonly account: Account | null;
  readonly cwd: string;
  /** A file descriptor the program holds open as its number 3 until it ends. */
  readonly heldFd?: number;
};

export type ProgramOutcome = { readonly exitCode: number | null; readonly stdout: string; readonly errorTail: string };

/** Runs a program to its end. Rejects with Node's system error when it cannot be spawned. */
export function runProgram(run: ProgramRun): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.command, run.args, {
      ...asAccount(run.account),
      cwd: run.cwd,
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe', run.heldFd ?? 'ignore'],
      timeout: LIMIT_MS,
    });
    const [output, errors] = [new OutputTail(), new OutputTail()];
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => output.add(chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => errors.add(chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout: output.toString(), errorTail: errors.toString() }));
  });
}
