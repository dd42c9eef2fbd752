import { fork, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eraseEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/home.ts';
import { startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import { createDatabases } from '../../test/simulation/databases.ts';
import type { Plan } from '../../test/simulation/plan.ts';
import type { Run } from '../../test/simulation/run-seed.ts';
import { prepareWorld } from '../../test/simulation/world.ts';

/** A seed, or a plan that is no seed's any more. */
export type Question = { readonly seed: string; readonly plan?: Plan };
export type Answer = Omit<Run, 'reached' | 'faults'> & {
  readonly reached: readonly (readonly [string, number])[];
  readonly faults: readonly (readonly [string, number])[];
};

export type Crew = {
  /** Lives one plan as soon as a process is free. */
  live(question: Question): Promise<Answer>;
  close(): Promise<void>;
};

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

class Hand {
  readonly #child: ChildProcess;
  #waiting: ((answer: Answer) => void) | null = null;

  constructor(argument: string) {
    this.#child = fork(WORKER, [argument], { execArgv: ['--import', 'tsx'] });
    this.#child.on('message', (answer: Answer) => this.#waiting?.(answer));
    this.#child.on('exit', (code) => {
      if (code !== 0 && code !== null) throw new Error(`a process of the simulation ended with ${code}`);
    });
  }

  live(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#child.send(question);
    });
  }

  end(): void {
    this.#child.kill();
  }
}

/** Processes that live plans side by side, on one embedded PostgreSQL that may lose its data. */
export async function openCrew(hands: number): Promise<Crew> {
  const folder = await mkdtemp(join(tmpdir(), `skypark-sim-${process.pid}-`));
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'database'),
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '100' },
    log: { debug: () => undefined, info: () => undefined, warn: (message: string) => console.error(message) },
  });
  const { databases: _databases, ...prepared } = await prepareWorld(createDatabases(server.url), folder, 'sim');
  const crew = Array.from(
    { length: hands },
    (_, index) => new Hand(JSON.stringify([server.url, prepared, `hand${index}`])),
  );
  const free = [...crew];
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
      for (const hand of crew) hand.end();
      await server.stop();
      await eraseEmbeddedPostgres(folder);
    },
  };
}
