import { rates, runContest, type Contender, type Pace, type Run } from '../harness/contest.ts';
import { familyMeterOf, meterOf } from '../harness/cpu.ts';
import { openBenchPark, signIn } from '../harness/bench-park.ts';
import { install } from '../harness/installed.ts';
import { Closers, send, startLoad } from '../harness/load.ts';
import { installPeer, PEERS } from '../harness/peer-package.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import { datesAhead, visitBody } from '../buy/visits.ts';
import type { Listening } from '../buy/echo-server.ts';
import type { OrderQuestion } from './order-load.ts';
import type { VendureQuestion } from './vendure-server.ts';
import { ORDER } from './vendure-shop.ts';

const BUYERS = 64;
/** The peer is at its best with fewer. */
const PEER_BUYERS = 8;

const NAMES = { ours: 'bought, paid and active', vendure: 'Vendure, order paid' } as const;

async function openOurs(server: BenchServer, open: Closers): Promise<{ contender: Contender; url: string }> {
  const database = await server.newDatabase('skypark_bench_orders');
  open.add(() => database.drop());
  const installed = await install(database.url);
  open.add(() => installed.remove());
  await installed.inside(openBenchPark);
  const program = open.keep(await installed.start('start'));
  const tokens = (await signIn(program.port, BUYERS)).map(({ token }) => token);
  const load = open.keep(startWorker<OrderQuestion, Run>(new URL('./order-load.ts', import.meta.url)));
  const body = visitBody(datesAhead(3, Date.now())[2] ?? '');
  const processes = { node: familyMeterOf(program.pid), postgres: server.cpu, load: meterOf(load.pid) };
  const run = (seconds: number) => load.ask({ port: program.port, tokens, body, seconds });
  return { contender: { name: NAMES.ours, processes, run }, url: database.url };
}

async function openVendure(server: BenchServer, open: Closers, say: (line: string) => void): Promise<Contender> {
  const folder = await installPeer('vendure', say);
  const database = await server.newDatabase('skypark_bench_vendure');
  open.add(() => database.drop());
  const vendure = open.keep(startWorker<VendureQuestion, Listening>(new URL('./vendure-server.ts', import.meta.url)));
  say('  filling its shop');
  const { port } = await vendure.ask({ folder, url: database.url });
  const load = open.keep(startLoad());
  const tokens = Array.from({ length: PEER_BUYERS }, () => 'none');
  return {
    name: NAMES.vendure,
    processes: { node: meterOf(vendure.pid), postgres: server.cpu, load: meterOf(load.pid) },
    async run(seconds) {
      const what = { ports: [port], method: 'POST', paths: ['/shop-api'], tokens, keyed: false } as const;
      const answer = await send(load, 'Vendure', { ...what, bodies: [ORDER], seconds, wants: 'bodies' }, 200);
      const failed = answer.bodies.find((body) => !body.includes('PaymentSettled'));
      if (failed !== undefined) throw new Error(`an order was not paid: ${failed}`);
      const { operations, seconds: took, p50Ms, p99Ms, mostMs } = answer;
      return { operations, seconds: took, p50Ms, p99Ms, mostMs };
    },
  };
}

/** Bar P8: whole orders a second, against a shop system on the same server. */
export async function benchOrders(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const vendure = await openVendure(server, open, say);
    const ours = await openOurs(server, open);
    const results = await runContest([vendure, ours.contender], pace, say, () => analyze(ours.url));
    const ratio = ratioByRound(rates(results, NAMES.ours), rates(results, NAMES.vendure));
    return {
      name: 'orders',
      title: 'Whole orders',
      about: [
        `Ours: ${BUYERS} guests buy, start a payment, pay in the sandbox of the provider, and look until the ticket is active with its signed code; API, worker and sandbox as \`npm start\` runs them, the sandbox's processor time included.`,
        `Vendure ${PEERS.vendure['@vendure/core']}: one process with its defaults, ${PEER_BUYERS} guests, an order as one document of six mutations, paid by its dummy handler that settles at once.`,
      ],
      results,
      bars: [bar('P8', 'orders bought, paid and active, to Vendure', 'at least', 100, ratio)],
      facts: {},
    };
  } finally {
    await open.close();
  }
}
