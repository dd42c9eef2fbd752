import { randomUUID } from 'node:crypto';
import { medianOf, rates, runContest, type Contender, type Pace, type Run } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { openBenchPark, signIn } from '../harness/bench-park.ts';
import { install, type Installed, type Program } from '../harness/installed.ts';
import { Closers, send, startLoad, type Load } from '../harness/load.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import { datesAhead, visitBody } from '../buy/visits.ts';
import type { VerifyQuestion } from './verify-worker.ts';

const GATES = 4;
const BATCH = 50;
/** Batches of one run: every ticket comes in once, so what is scanned is sold before. */
const BATCHES = 80;
const SINGLES = 200;
/** Between two single scans of a gate: people walk. */
const PAUSE_MS = 10;
const BUYERS = 32;
const FREE_PARK = 'bench-free';

const NAMES = {
  bare: 'bare Ed25519 verify, one thread',
  batches: `POST /gate/scans, batches of ${BATCH}`,
  single: 'a single scan, beside 32 buyers',
  alone: 'a single scan, nothing beside it',
} as const;

/** Today in the time of the parks. */
const today = (): string => new Date(Date.now() + 6 * 3_600_000).toISOString().slice(0, 10);

type Sold = { readonly admission_code: string };

/** Buys tickets that cost nothing and are therefore active at once; answers their codes. */
async function codesOf(load: Load, port: number, tokens: readonly string[], count: number): Promise<readonly string[]> {
  const body = JSON.stringify({ park_id: FREE_PARK, visit_date: today(), children: [{ name: 'Бек', age: 5 }] });
  const what = { ports: [port], method: 'POST', paths: ['/api/v1/tickets'], tokens, keyed: false } as const;
  const answer = await send(
    load,
    'buying for nothing',
    { ...what, bodies: [body], seconds: 600, most: count, wants: 'bodies' },
    201,
  );
  return answer.bodies.map((text) => (JSON.parse(text) as Sold).admission_code);
}

const scanBody = (codes: readonly string[]): string =>
  JSON.stringify({
    scans: codes.map((code) => ({
      scan_id: randomUUID(),
      code,
      direction: 'in',
      scanned_at: new Date().toISOString(),
      gate: 'main',
    })),
  });

/** Hands out codes that nobody has scanned yet. */
function createStock(codes: readonly string[]) {
  let used = 0;
  return (count: number): readonly string[] => {
    used += count;
    if (used > codes.length) throw new Error(`${codes.length} tickets are not enough`);
    return codes.slice(used - count, used);
  };
}

/** Scans and expects that everybody comes in. */
async function scan(
  load: Load,
  port: number,
  tokens: readonly string[],
  bodies: readonly string[],
  pauseMs: number,
): Promise<Run> {
  const what = { ports: [port], method: 'POST', paths: ['/api/v1/gate/scans'], tokens, keyed: false } as const;
  const asked = { ...what, bodies, seconds: 600, most: bodies.length, pauseMs, wants: 'bodies' } as const;
  const { operations, seconds, bodies: answers, p50Ms, p99Ms, mostMs } = await send(load, 'scanning', asked, 200);
  const refused = answers.find((text) => text.replaceAll('"outcome":"admitted"', '').includes('"outcome"'));
  if (refused !== undefined) throw new Error(`somebody was not admitted: ${refused}`);
  return { operations, seconds, p50Ms, p99Ms, mostMs };
}

/** An account with the role of a gate at the free park. */
async function gateToken(installed: Installed, { token, userId }: { token: string; userId: string }): Promise<string> {
  await installed.inside((app) =>
    app.modules.auth.grantRole(
      { userId, role: 'gate', parkId: FREE_PARK },
      { actor: 'system', correlationId: 'bench' },
    ),
  );
  return token;
}

async function openApi(
  server: BenchServer,
  open: Closers,
): Promise<{ installed: Installed; api: Program; url: string }> {
  const database = await server.newDatabase('skypark_bench_gate');
  open.add(() => database.drop());
  const installed = await install(database.url);
  open.add(() => installed.remove());
  await installed.inside(async (app) => {
    await openBenchPark(app);
    await openBenchPark(app, { parkId: FREE_PARK, free: true });
  });
  return { installed, api: open.keep(await installed.start('api')), url: database.url };
}

type Opened = { readonly contenders: readonly Contender[]; readonly url: string };

/** Sells what will be scanned, and opens both sides. */
async function openContenders(
  server: BenchServer,
  open: Closers,
  pace: Pace,
  say: (line: string) => void,
): Promise<Opened> {
  const { installed, api, url } = await openApi(server, open);
  const guests = await signIn(api.port, BUYERS);
  const tokens = guests.map(({ token }) => token);
  const gate = await gateToken(installed, guests[0] ?? { token: '', userId: '' });
  const gates = Array.from({ length: GATES }, () => gate);
  const [load, buyers] = [open.keep(startLoad()), open.keep(startLoad())];
  say('  selling what will be scanned');
  const count = (pace.rounds + 1) * (BATCHES * BATCH + 2 * SINGLES);
  const take = createStock(await codesOf(load, api.port, tokens, count));
  const days = datesAhead(pace.rounds + 1, Date.now()).map(visitBody);
  let day = 0;
  const buy = (seconds: number) => {
    day += 1;
    const bodies = [days[day % days.length] ?? ''];
    const what = { ports: [api.port], method: 'POST', paths: ['/api/v1/tickets'], tokens, keyed: false } as const;
    return send(buyers, 'buying', { ...what, bodies, seconds }, 201);
  };
  const scanAll = (bodies: readonly string[], pauseMs: number) => scan(load, api.port, gates, bodies, pauseMs);
  const singles = () => take(SINGLES).map((code) => scanBody([code]));
  const verifier = open.keep(startWorker<VerifyQuestion, Run>(new URL('./verify-worker.ts', import.meta.url)));
  const processes = { node: meterOf(api.pid), postgres: server.cpu, load: meterOf(load.pid) };
  const contenders: readonly Contender[] = [
    { name: NAMES.bare, processes: { node: meterOf(verifier.pid) }, run: (seconds) => verifier.ask({ seconds }) },
    {
      name: NAMES.batches,
      processes,
      async run() {
        const done = await scanAll(
          Array.from({ length: BATCHES }, () => scanBody(take(BATCH))),
          0,
        );
        return { ...done, operations: done.operations * BATCH };
      },
    },
    {
      name: NAMES.single,
      processes,
      async run() {
        const seconds = (SINGLES / GATES) * (PAUSE_MS / 1000) * 1.5;
        const [done] = await Promise.all([scanAll(singles(), PAUSE_MS), buy(seconds)]);
        return done;
      },
    },
    { name: NAMES.alone, processes, run: () => scanAll(singles(), PAUSE_MS) },
  ];
  return { contenders, url };
}

/** Bar P9: people let in at the gates, in batches and one by one beside a full load of buyers. */
export async function benchGate(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const { contenders, url } = await openContenders(server, open, pace, say);
    const results = await runContest(contenders, pace, say, () => analyze(url));
    const decided = ratioByRound(rates(results, NAMES.batches), rates(results, NAMES.bare));
    const longest = medianOf(results, NAMES.single, ({ p99Ms }) => p99Ms ?? Number.NaN);
    return {
      name: 'gate',
      title: 'Letting people in',
      about: [
        `${GATES} gates; every scan admits a ticket that was not scanned before, and its answer is looked at. The bare side verifies signatures and does nothing else.`,
        `In the rows of single scans a gate pauses ${PAUSE_MS} ms between two; beside it ${BUYERS} clients buy without a pause, and their processor time is in that row.`,
      ],
      results,
      bars: [
        bar('P9', `scans decided in batches of ${BATCH}, to bare verifications`, 'at least', 0.5, decided),
        bar('P9', 'p99 of a single scan beside 32 buyers, ms', 'at most', 25, longest),
      ],
      facts: {},
    };
  } finally {
    await open.close();
  }
}
