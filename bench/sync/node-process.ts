import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { meterOf, type CpuMeter } from '../harness/cpu.ts';
import { builtFile } from '../harness/product.ts';

const START_LIMIT_MS = 120_000;

/** A program of the product that is killed and started again, as one process after another. */
export type NodeProcess = {
  /** Processor seconds of all its lives. */
  readonly cpu: CpuMeter;
  start(): void;
  /** Resolves once it answers that it is ready. */
  ready(): Promise<void>;
  /** With -9, unless it may end in peace. */
  end(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** The most memory that any of its lives held, in MiB; not a number where it cannot be told. */
  peakMebibytes(): number;
  /** What it holds now, in MiB; not a number where it cannot be told, or it does not live. */
  mebibytes(): number;
};

/** Memory of a living process by the system's own record: what it holds, or its highest mark. */
function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  try {
    const found = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

type Program = {
  readonly name: 'api' | 'park-node';
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** For its log. */
  readonly folder: string;
};

class KillableProcess implements NodeProcess {
  readonly #program: Program;
  readonly #log: FileHandle;
  #child: ChildProcess | null = null;
  #peak = 0;
  #usedSeconds = 0;
  #meter: CpuMeter = () => 0;

  constructor(program: Program, log: FileHandle) {
    this.#program = program;
    this.#log = log;
  }

  readonly cpu: CpuMeter = () => this.#usedSeconds + (this.#child === null ? 0 : this.#meter());

  start(): void {
    const { name, environment } = this.#program;
    const child = spawn(process.execPath, [builtFile(`main/${name}.js`).pathname], {
      env: { ...environment, PATH: process.env['PATH'] },
      stdio: ['ignore', this.#log.fd, this.#log.fd],
    });
    this.#child = child;
    this.#meter = meterOf(child.pid ?? 0);
    const killWithUs = (): boolean => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('exit', () => process.off('exit', killWithUs));
  }

  async ready(): Promise<void> {
    const { name, port, folder } = this.#program;
    const giveUpMs = performance.now() + START_LIMIT_MS;
    while (performance.now() < giveUpMs && this.#child?.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
      if (answer?.ok === true) return;
      await sleep(50);
    }
    throw new Error(`${name} did not start:\n${(await readFile(join(folder, `${name}.log`), 'utf8')).slice(-4000)}`);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#note();
    this.#usedSeconds += this.#meter();
    this.#child = null;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  peakMebibytes(): number {
    this.#note();
    return this.#peak;
  }

  mebibytes(): number {
    return this.#child?.pid === undefined ? Number.NaN : memoryOf(this.#child.pid, 'VmRSS');
  }

  #note(): void {
    if (this.#child?.pid !== undefined) this.#peak = Math.max(this.#peak, memoryOf(this.#child.pid, 'VmHWM') || 0);
  }
}

export async function createNodeProcess(program: Program): Promise<NodeProcess> {
  return new KillableProcess(program, await open(join(program.folder, `${program.name}.log`), 'w'));
}
