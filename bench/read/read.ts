import { Client } from 'pg';
import { rates, runContest, type Pace } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { openBenchPark, PARK_ID, signIn } from '../harness/bench-park.ts';
import { install } from '../harness/installed.ts';
import { Closers, httpContender, send, startLoad, type Load, type Target } from '../harness/load.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import { datesAhead, visitBody } from '../buy/visits.ts';
import type { Listening } from '../buy/echo-server.ts';
import type { SelectQuestion } from './select-server.ts';

const CLIENTS = 32;
const TICKETS = 2_000;

const NAMES = {
  bare: 'Fastify + pg, select by key',
  ticket: 'GET /tickets/:id',
  days: 'GET /parks/:id/availability',
} as const;

/** Puts as many rows into a plain table as there are tickets; answers their ids. */
async function fillBareTable(url: string, ids: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table tickets (id uuid primary key, ticket jsonb not null)');
    await client.query(`insert into tickets select id, to_jsonb($2::text) from unnest($1::uuid[]) id`, [
      ids,
      visitBody('2026-12-05'),
    ]);
  } finally {
    await client.end();
  }
}

/** Buys the tickets that are looked at; answers their paths. */
async function buyTickets(load: Load, port: number, tokens: readonly string[], dates: readonly string[]) {
  const what = { ports: [port], method: 'POST', paths: ['/api/v1/tickets'], tokens, keyed: false } as const;
  const bodies = dates.map(visitBody);
  const { bodies: answers } = await send(
    load,
    'buying',
    { ...what, bodies, seconds: 600, most: TICKETS, wants: 'bodies' },
    201,
  );
  return answers.map((body) => (JSON.parse(body) as { readonly id: string }).id);
}

async function openContenders(server: BenchServer, open: Closers) {
  const database = await server.newDatabase('skypark_bench_read');
  open.add(() => database.drop());
  const installed = await install(database.url);
  open.add(() => installed.remove());
  await installed.inside(openBenchPark);
  const api = open.keep(await installed.start('api'));
  // Everybody looks at the own tickets, and one guest is enough for that.
  const [guest] = await signIn(api.port, 1);
  const tokens = Array.from({ length: CLIENTS }, () => guest?.token ?? '');
  const load = open.keep(startLoad());
  const dates = datesAhead(30, Date.now());
  const ids = await buyTickets(load, api.port, tokens, dates);
  await fillBareTable(database.url, ids);
  const bare = open.keep(startWorker<SelectQuestion, Listening>(new URL('./select-server.ts', import.meta.url)));
  const { port: barePort } = await bare.ask({ url: database.url });

  const shared = { postgres: server.cpu, load: meterOf(load.pid) };
  const toApi: Target = { ports: [api.port], processes: { node: meterOf(api.pid), ...shared } };
  const toBare: Target = { ports: [barePort], processes: { node: meterOf(bare.pid), ...shared } };
  const tickets = ids.map((id) => `/api/v1/tickets/${id}`);
  const days = [`/api/v1/parks/${PARK_ID}/availability?from=${dates[0]}&to=${dates[6]}`];
  const reading = (name: string, target: Target, paths: readonly string[]) =>
    httpContender(name, load, target, {
      method: 'GET',
      tokens,
      keyed: false,
      due: 200,
      next: () => ({ paths, bodies: [] }),
    });
  const contenders = [
    reading(NAMES.bare, toBare, tickets),
    reading(NAMES.ticket, toApi, tickets),
    reading(NAMES.days, toApi, days),
  ];
  return { contenders, url: database.url };
}

/** Bar P11: looking at a ticket and at the days of a park, against the plainest route that reads a row. */
export async function benchRead(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const { contenders, url } = await openContenders(server, open);
    const results = await runContest(contenders, pace, say, () => analyze(url));
    const ratio = (name: string): number => ratioByRound(rates(results, name), rates(results, NAMES.bare));
    return {
      name: 'read',
      title: 'Looking at a ticket and at free days',
      about: [
        `${CLIENTS} clients, ${TICKETS} tickets; a week of days. The bare route looks nobody up, reads one row by its key through the driver's ten connections, and sends it as it is.`,
      ],
      results,
      bars: [
        bar('P11', 'tickets shown, to a select by key over Fastify', 'at least', 0.6, ratio(NAMES.ticket)),
        bar('P11', 'free days shown, to a select by key over Fastify', 'at least', 0.6, ratio(NAMES.days)),
      ],
      facts: {},
    };
  } finally {
    await open.close();
  }
}
