import { benchAppend } from './append/append.ts';
import { benchBooks } from './books/books.ts';
import { benchBuy } from './buy/buy.ts';
import { benchCode } from './code/code.ts';
import { benchEmmett } from './emmett/emmett.ts';
import { benchGate } from './gate/gate.ts';
import type { Pace } from './harness/contest.ts';
import type { Report } from './harness/report.ts';
import type { BenchServer } from './harness/server.ts';
import { benchHot } from './hot/hot.ts';
import { benchOrders } from './orders/orders.ts';
import { benchRead } from './read/read.ts';
import { benchReader } from './reader/reader.ts';
import { benchReceive } from './receive/receive.ts';
import { benchReplay } from './replay/replay.ts';
import { benchStart } from './start/start.ts';
import { benchStatement } from './statement/statement.ts';
import { benchSync } from './sync/sync.ts';

type RunBench = (server: BenchServer, pace: Pace, say: (line: string) => void) => Promise<Report>;

export type Bench = {
  readonly run: RunBench;
  /** The bars it measures; each is a name of it too. */
  readonly bars: readonly string[];
  readonly full: Pace;
  /** At reduced sizes; null where it is left out of a short pass. */
  readonly short: Pace | null;
  /** Needs packages of others, which it installs into a scratch folder. */
  readonly peers?: true;
};

const pace = (rounds: number, seconds: number, warmUpSeconds: number, events?: number): Pace => ({
  rounds,
  seconds,
  warmUpSeconds,
  ...(events === undefined ? {} : { events }),
});

export const BENCHES: Readonly<Record<string, Bench>> = {
  append: { run: benchAppend, bars: ['P1', 'P3', 'P4'], full: pace(5, 2, 1), short: pace(3, 1, 1) },
  emmett: { run: benchEmmett, bars: ['P2'], full: pace(5, 2, 1), short: null, peers: true },
  replay: { run: benchReplay, bars: ['P5'], full: pace(3, 0, 0, 1_000_000), short: pace(2, 0, 0, 50_000) },
  reader: { run: benchReader, bars: ['P5b'], full: pace(3, 30, 2), short: pace(2, 2, 1) },
  buy: { run: benchBuy, bars: ['P6', 'P7'], full: pace(3, 3, 2), short: pace(2, 2, 1) },
  hot: { run: benchHot, bars: ['hot'], full: pace(3, 0, 0), short: pace(1, 0, 0) },
  orders: { run: benchOrders, bars: ['P8'], full: pace(3, 5, 3), short: null, peers: true },
  gate: { run: benchGate, bars: ['P9'], full: pace(3, 2, 1), short: pace(1, 1, 1) },
  code: { run: benchCode, bars: ['P10'], full: pace(5, 2, 1), short: pace(3, 1, 1) },
  read: { run: benchRead, bars: ['P11'], full: pace(5, 2, 1), short: pace(2, 1, 1) },
  // A kill every ten seconds.
  sync: { run: benchSync, bars: ['P12'], full: pace(1, 10, 0, 1_000_000), short: pace(1, 10, 0, 20_000) },
  start: { run: benchStart, bars: ['P13'], full: pace(5, 0, 0), short: pace(2, 0, 0) },
  receive: { run: benchReceive, bars: [], full: pace(3, 0, 0), short: pace(1, 0, 0) },
  books: { run: benchBooks, bars: [], full: pace(5, 3, 2), short: null },
  statement: { run: benchStatement, bars: [], full: pace(2, 0, 0), short: null },
};

/** The benches that a word on the command line means, in their order; null where it means none. */
export function benchesOf(word: string): readonly string[] | null {
  const all = Object.entries(BENCHES);
  const found = (chosen: typeof all): readonly string[] => chosen.map(([name]) => name);
  if (word === 'short') return found(all.filter(([, { short }]) => short !== null));
  if (word === 'full') return found(all.filter(([, { peers }]) => peers !== true));
  if (word === 'peers') return found(all.filter(([, { peers }]) => peers === true));
  const named = found(all.filter(([name, { bars }]) => name === word || bars.includes(word)));
  return named.length === 0 ? null : named;
}
