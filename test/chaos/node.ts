import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { isReady } from '../../tools/demo/own-product.ts';
import { copyDirectory } from '../support/nodes.ts';
import { endAtOnce, hasEnded, killTree, outputOf, signalTree, type Settings } from '../support/product.ts';
import { projectRoot } from '../support/project-files.ts';

export type NodePlace = {
  readonly name: string;
  readonly program: 'start' | 'park-node';
  /** Words before the command, which put it into its network. */
  readonly at: readonly string[];
  readonly settings: Settings;
  readonly url: string;
  /** Its disk: the data directory is in it and can be copied. */
  readonly disk: string;
  /** Where it writes what it has to say; kept when a run fails. */
  readonly logFile: string;
  /** Whom it believes when it calls others. */
  readonly caFile: string;
};

const CLOCK = pathToFileURL(join(import.meta.dirname, 'wrong-clock.mjs')).href;
/** How long a supervisor waits before it starts again what has ended. */
const AGAIN_MS = 1_500;
const READY_LIMIT_MS = 120_000;
const LOOK_MS = 100;
/** Of a running database: its process id, on the first line. */
const POSTMASTER = 'postgres/cluster/data/postmaster.pid';
const FILLER = 'filler';

export const dataDirOf = (disk: string): string => join(disk, 'data');

/** A node as a process of its own under a supervisor, who starts it again whenever it ends. */
export class ChaosNode {
  readonly place: NodePlace;
  /** How often it has ended, by itself or by a kill, and was started again. */
  restarts = 0;
  #child: ChildProcess | null = null;
  #isWanted = false;
  readonly #beforeStart: () => Promise<void>;

  /** @param beforeStart makes room for it, each time */
  constructor(place: NodePlace, beforeStart: () => Promise<void> = async () => undefined) {
    this.place = place;
    this.#beforeStart = beforeStart;
  }

  get child(): ChildProcess | null {
    return this.#child;
  }

  #clockFile(): string {
    return `${this.place.disk}.clock`;
  }

  #spawn(words: readonly string[], output: 'pipe' | number): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    const { at, settings, caFile } = this.place;
    const [program = '', ...rest] = [...at, process.execPath, ...words];
    return spawn(program, rest, {
      cwd: projectRoot,
      stdio: ['ignore', output, output],
      env: {
        PATH,
        HOME,
        ...settings,
        NODE_EXTRA_CA_CERTS: caFile,
        NODE_OPTIONS: `--import=${CLOCK}`,
        CHAOS_CLOCK_FILE: this.#clockFile(),
      },
    });
  }

  async #begin(): Promise<void> {
    await this.#beforeStart();
    if (!this.#isWanted) return;
    const { program, logFile } = this.place;
    const log = openSync(logFile, 'a', 0o600);
    const child = this.#spawn([`dist/main/${program}.js`], log);
    closeSync(log);
    this.#child = child;
    child.once('exit', () => void this.#startAgain(child));
  }

  async #startAgain(ended: ChildProcess): Promise<void> {
    if (!this.#isWanted || this.#child !== ended) return;
    this.restarts += 1;
    await sleep(AGAIN_MS);
    if (this.#isWanted && this.#child === ended) await this.#begin();
  }

  /** Has it run from now on. */
  async start(): Promise<void> {
    this.#isWanted = true;
    if (this.#child === null || hasEnded(this.#child)) await this.#begin();
  }

  /** @throws when it does not answer in time */
  async ready(limitMs = READY_LIMIT_MS): Promise<void> {
    const giveUpAt = Date.now() + limitMs;
    while (!(await isReady(this.place.url))) {
      if (Date.now() > giveUpAt) throw new Error(`${this.place.name} is not ready after ${limitMs / 1000} s`);
      await sleep(LOOK_MS);
    }
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    const child = this.#child;
    if (child === null || hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    // What is paused does not hear it.
    await signalTree(child, 'SIGCONT');
    await gone;
  }

  /** `kill -9` of the program, or of everything on the machine at once; the supervisor starts it again. @returns whether it ran */
  async kill(what: 'program' | 'machine'): Promise<boolean> {
    const child = this.#child;
    if (child === null || hasEnded(child)) return false;
    if (what === 'machine') await killTree(child);
    else await endAtOnce(child);
    return true;
  }

  /** Stops everything where it stands, as a machine that is paused, or lets it go on. @returns whether it ran */
  async signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<boolean> {
    const child = this.#child;
    if (child === null || hasEnded(child)) return false;
    await signalTree(child, signal);
    return true;
  }

  setClock(aheadMs: number): Promise<void> {
    return writeFile(this.#clockFile(), String(aheadMs));
  }

  /** A word of the operator's, in the network of the node. @throws with what was said when it was not done */
  async cli(...words: readonly string[]): Promise<string> {
    const { code, text } = await outputOf(this.#spawn(['dist/main/cli.js', ...words], 'pipe'));
    if (code !== 0) throw new Error(`${this.place.name}: ${words.join(' ')}: ${text}`);
    return text;
  }

  /** Copies the data directory of a node that was stopped, once nothing runs on it: a database may live on for a while where its program fell. */
  async copyData(to: string): Promise<void> {
    while (await this.#hasDatabase()) await sleep(LOOK_MS);
    await copyDirectory(dataDirOf(this.place.disk), to);
  }

  async #hasDatabase(): Promise<boolean> {
    const lock = await readFile(join(dataDirOf(this.place.disk), POSTMASTER), 'utf8').catch(() => '');
    return lock !== '' && existsSync(`/proc/${Number.parseInt(lock, 10)}`);
  }

  /** Makes a backup of its data, for which it is stopped. */
  async putAside(to: string): Promise<void> {
    await this.stop();
    await this.copyData(to);
    await this.start();
  }

  /**
   * The machine is lost, and a backup of its data is all there is. What is on another volume stays.
   * @param look at what it was, before that is gone
   */
  async putBack(from: string, look: () => Promise<void>): Promise<void> {
    this.#isWanted = false;
    await this.kill('machine');
    await this.freeDisk();
    await look();
    await copyDirectory(from, dataDirOf(this.place.disk));
    await this.start();
  }

  /** Takes all space on its disk. */
  async fillDisk(): Promise<void> {
    const to = join(this.place.disk, FILLER);
    // It ends when nothing more fits, however much the node itself writes meanwhile.
    const filled = promisify(execFile)('dd', ['if=/dev/zero', `of=${to}`, 'bs=1M']);
    const said = await filled.then(({ stderr }) => stderr, String);
    if (!said.includes('No space left on device')) throw new Error(`the disk does not run full: ${said}`);
  }

  freeDisk(): Promise<void> {
    return rm(join(this.place.disk, FILLER), { force: true });
  }
}
