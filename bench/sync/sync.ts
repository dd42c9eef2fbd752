import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measure, type Contender, type Pace, type Round } from '../harness/contest.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { median } from '../harness/statistics.ts';
import { writeBacklog } from './backlog.ts';
import { checkEqual, drain, type Drained, type Kill } from './drain.ts';
import { startTwoNodes, type TwoNodes } from './two-nodes.ts';
import { NODE_ID, PARK_ID } from './visits.ts';

const NAMES = { copy: 'plain COPY of the rows', drain: 'drain from park to headquarters' } as const;

/** Of a usual run; `--events 1000000` takes a quarter of an hour. */
const EVENTS = 60_000;
/** Most events that may be under way unanswered: four segments. */
const WINDOW = 2_000;

const DAYS_MS = 86_400_000;

const most = (kills: readonly Kill[], valueOf: (kill: Kill) => number | null): number =>
  Math.max(0, ...kills.map((kill) => valueOf(kill) ?? 0));

/** The rows of the backlog, as a file that the server reads back into a table of the same shape. */
async function copyingOf({ park: { client } }: TwoNodes, rows: string, events: number, server: BenchServer) {
  await client.query('create table public.copied (like store.event including all)');
  await client.query(`copy (select * from store.event where node_id = '${NODE_ID}') to '${rows}'`);
  const contender: Contender = {
    name: NAMES.copy,
    processes: { postgres: server.cpu },
    async run() {
      await client.query('truncate public.copied');
      const startedMs = performance.now();
      await client.query(`copy public.copied from '${rows}'`);
      return { operations: events, seconds: (performance.now() - startedMs) / 1000 };
    },
  };
  return contender;
}

function reportOf(
  copies: readonly Round[],
  drained: Round,
  { kills, halves }: Drained,
  memory: readonly [number, number],
): Report {
  const outage = kills.reduce((sum, { outageSeconds }) => sum + outageSeconds, 0);
  const flowing = drained.operations / (drained.seconds - outage);
  const copy = median(copies.map(({ perSecond }) => perSecond));
  return {
    name: 'sync',
    title: 'Draining a park that was away',
    about: [
      `${drained.operations} events: scans, sales at the desk with their money, refused scans, as the rules of the product decide them. A real node of the park and a real headquarters, enrolled, over HTTP on this machine, with all read models on both sides; one of them is killed with -9 and started again every so often, by turns. At the end both logs and the hashes of what they hold in common are equal, and no event is there twice; the bench fails otherwise. The plain COPY stores the same rows with the same indexes from a file of the server, in one transaction, before the drain and after it.`,
      'A rate while it flows leaves out the time from each kill to the next event that is stored.',
    ],
    results: new Map([
      [NAMES.copy, copies],
      [NAMES.drain, [drained]],
    ]),
    bars: [
      bar('P12', 'events drained while it flows, to a plain COPY', 'at least', 0.33, flowing / copy),
      bar('P12', 'MiB of memory of headquarters, at most', 'at most', 300, Math.round(memory[0])),
      bar('P12', 'MiB of memory of the park’s node, at most', 'at most', 300, Math.round(memory[1])),
      bar(
        'P12',
        'events sent twice after a kill, at most',
        'at most',
        WINDOW,
        most(kills, ({ sentTwice }) => sentTwice),
      ),
    ],
    facts: {
      'events drained while it flows, a second': flowing,
      'events drained in all, kills included, to a plain COPY': drained.perSecond / copy,
      ...Object.fromEntries(
        halves.flatMap((held, index) => {
          const half = index === 0 ? 'first' : 'second';
          return [
            [`MiB of headquarters in the ${half} half of the events, at most`, held.headquarters],
            [`MiB of the park’s node in the ${half} half of the events, at most`, held.park],
          ];
        }),
      ),
      kills: kills.length,
      'seconds from a kill to the next event, at most': most(kills, ({ outageSeconds }) => outageSeconds),
      'of that after the killed one was ready again': most(kills, ({ resumeSeconds }) => resumeSeconds),
      'seconds from a kill to the next event, in the middle': median(kills.map(({ outageSeconds }) => outageSeconds)),
    },
  };
}

/** Drains the log of a park that was away, while both sides are killed, against a COPY of its rows. */
export async function benchSync(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const folder = await mkdtemp('/var/tmp/skypark-bench-rows-');
  await chmod(folder, 0o777);
  const nodes = await startTwoNodes(server);
  const { park, headquarters } = nodes;
  try {
    const startMs = Date.now() - 30 * DAYS_MS;
    const written = await writeBacklog(park.client, pace.events ?? EVENTS, startMs, say);
    await analyze(park.database.url);
    await analyze(headquarters.database.url);
    const copying = await copyingOf(nodes, join(folder, 'rows.txt'), written, server);
    const copies = [await measure(copying, 0)];
    let drained: Drained = { seconds: 0, kills: [], halves: [] };
    const round = await measure(
      {
        name: NAMES.drain,
        processes: { headquarters: headquarters.process.cpu, park: park.process.cpu, postgres: server.cpu },
        async run() {
          drained = await drain(nodes, pace.seconds * 1000);
          return { operations: written, seconds: drained.seconds };
        },
      },
      pace.seconds,
    );
    for (const kill of drained.kills) say(`  ${JSON.stringify(kill)}`);
    const memory = [headquarters.process.peakMebibytes(), park.process.peakMebibytes()] as const;
    await park.process.end('SIGTERM');
    await checkEqual(nodes, NODE_ID, PARK_ID);
    copies.push(await measure(copying, 0));
    return reportOf(copies, round, drained, memory);
  } finally {
    await nodes.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
