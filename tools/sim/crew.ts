import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eraseEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/home.ts';
import { startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import type { Plan } from '../../test/simulation/steps.ts';
import type { Run } from '../../test/simulation/run-seed.ts';
import { compileCrew, type Compiled } from './compile.ts';
import type { PreparedWorld } from './prepare.ts';

/** A seed, or a plan that is no seed's any more, to be lived from end to end, or as far as shows whether it happens as it did. */
export type Question = { readonly seed: string; readonly plan?: Plan; readonly isAgain?: boolean };
export type Answer = Omit<Run, 'reached' | 'faults'> & {
  readonly reached: readonly (readonly [string, number])[];
  readonly faults: readonly (readonly [string, number])[];
};

export type Crew = {
  /** Lives one plan as soon as a process is free. */
  live(question: Question): Promise<Answer>;
  close(): Promise<void>;
};

const ROOT = join(import.meta.dirname, '../..');
/**
 * Nothing here has to survive a power loss, no plan is worth keeping statistics for, and none is made again for other values: tables are
 * small, and planning took longer than what was planned.
 */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '1d',
  autovacuum: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  max_parallel_workers_per_gather: '0',
  track_counts: 'off',
  update_process_title: 'off',
  max_connections: '100',
};

/** A trace leads to lines of the sources; and what lives as long as a statement is not moved to where it is looked at again and again. */
const RUNTIME = ['--enable-source-maps', '--max-semi-space-size=32'];

class Hand {
  readonly #child: ChildProcess;
  #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void } | null = null;
  #ended: Error | null = null;

  constructor(worker: string, argument: string) {
    this.#child = fork(worker, [argument], { execArgv: RUNTIME });
    this.#child.on('message', (answer: Answer) => this.#waiting?.resolve(answer));
    this.#child.on('exit', (code, signal) => {
      this.#ended = new Error(`a process of the simulation ended with ${code ?? signal}`);
      this.#waiting?.reject(this.#ended);
    });
  }

  live(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      this.#waiting = { resolve, reject };
      this.#child.send(question);
    });
  }

  async end(): Promise<void> {
    if (this.#child.kill()) await once(this.#child, 'exit');
  }
}

/** An embedded PostgreSQL that may lose its data, with a prepared world that crews live on. */
export type Ground = {
  /** @param root of the program that they live by, where it is not this one */
  crew(hands: number, root?: string): Promise<Crew>;
  /** An empty folder that goes with the ground. */
  room(name: string): Promise<string>;
  /** Ends every crew and leaves nothing behind; so does a signal that ends this process. */
  close(): Promise<void>;
};

/** The world is prepared by the program as it is, in a process of its own: this one would have to translate it all first. */
async function preparedBy({ prepare }: Compiled, url: string, folder: string): Promise<PreparedWorld> {
  const child = fork(prepare, [url, folder], { execArgv: RUNTIME });
  const told = once(child, 'message') as Promise<[PreparedWorld]>;
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the world cannot be prepared: ${String(code ?? signal)}`);
  });
  const [prepared] = await Promise.race([told, ended]);
  return prepared;
}

/** Exit codes, as of a program that a shell stopped. */
const STOPPED = { SIGINT: 130, SIGTERM: 143 } as const;

/** Where Linux keeps files in memory, and how much of it a long run may take, in bytes. */
const [IN_MEMORY, MOST_BYTES] = ['/dev/shm', 8 * 1024 ** 3] as const;

/** Nothing is kept, so it needs no disk, which may be slow: copies of databases took most of a start. */
async function roomiest(): Promise<string> {
  const there = await statfs(IN_MEMORY).catch(() => null);
  const isRoomy = there !== null && there.bavail * there.bsize > MOST_BYTES && process.availableMemory() > MOST_BYTES;
  return isRoomy ? IN_MEMORY : tmpdir();
}

export async function openGround(): Promise<Ground> {
  const folder = await mkdtemp(join(await roomiest(), `skypark-sim-${process.pid}-`));
  await chmod(folder, 0o755);
  const starting = startEmbeddedPostgres({
    dataDir: join(folder, 'database'),
    settings: SETTINGS,
    unixSocket: true,
    log: { debug: () => undefined, info: () => undefined, warn: (message: string) => console.error(message) },
  });
  const room = (name: string): Promise<string> => mkdtemp(join(folder, `${name}-`));
  const hired: Hand[] = [];
  const compiling = room('program').then((into) => compileCrew(ROOT, into));
  const preparing = Promise.all([starting, compiling]).then(async ([{ url }, compiled]) => ({
    url,
    compiled,
    prepared: await preparedBy(compiled, url, folder),
  }));
  const clear = async (): Promise<void> => {
    await Promise.all(hired.map((hand) => hand.end()));
    // Their processes write into the folder.
    await Promise.allSettled([compiling, preparing]);
    const server = await starting.catch(() => null);
    await server?.stop();
    if (server !== null) await eraseEmbeddedPostgres(join(folder, 'database'));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= clear());
  for (const [signal, code] of Object.entries(STOPPED)) {
    process.once(signal, () => void close().finally(() => process.exit(code)));
  }
  // A signal takes the server away meanwhile.
  const { url, compiled, prepared } = await preparing.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const hire = (worker: string): Hand => {
    if (closing !== null) throw new Error('the simulation was stopped');
    const lane = `lane${hired.length + 1}`;
    const hand = new Hand(worker, JSON.stringify([url, prepared, lane]));
    hired.push(hand);
    return hand;
  };
  return {
    async crew(hands, root = ROOT) {
      const own = root === ROOT ? null : await room('program');
      const { worker } = own === null ? compiled : await compileCrew(root, own);
      const { live, close: end } = crewOf(Array.from({ length: hands }, () => hire(worker)));
      return {
        live,
        async close() {
          await end();
          if (own !== null) await rm(own, { recursive: true, force: true });
        },
      };
    },
    room,
    close,
  };
}

/** Processes that live plans side by side, each one after another. */
function crewOf(hands: readonly Hand[]): Crew {
  const free = [...hands];
  const waiting: ((hand: Hand) => void)[] = [];
  return {
    async live(question) {
      const hand = free.pop() ?? (await new Promise<Hand>((resolve) => waiting.push(resolve)));
      try {
        return await hand.live(question);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(hand);
        else next(hand);
      }
    },
    async close() {
      await Promise.all(hands.map((hand) => hand.end()));
    },
  };
}
