import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemIds } from '../../src/infrastructure/ids.ts';
import type { Clock } from '../../src/kernel/time.ts';
import type { App } from '../../src/main/compose.ts';
import { openNodeDatabase } from '../../src/main/database-of.ts';
import { composeHeadquarters } from '../../src/main/headquarters-lives.ts';
import { startApi } from '../../src/main/http-api.ts';
import { parkIdentity } from '../../src/main/park-sync.ts';
import { startParkNode } from '../../src/main/start-park-node.ts';
import { startWorker } from '../../src/main/worker-jobs.ts';
import { enrolAt, type Enrolling } from '../../src/sync/park/enrol.ts';
import { configOf, loggerOf, type CleanUp, type Settings } from './product.ts';

/** Nodes on data directories of their own, with embedded databases, in this process and by the clock of a test. */

export type Node = { readonly app: App; readonly url: string; stop(): Promise<void> };

const META = { actor: 'system', correlationId: 'test' };

function once(app: App, end: () => Promise<void>, later: CleanUp): Node {
  let ending: Promise<void> | null = null;
  const stop = (): Promise<void> => (ending ??= end());
  later(stop);
  return { app, url: `http://127.0.0.1:${app.config.port}`, stop };
}

/** With the address of its database, for whoever looks at it with the rights of its owner. */
export type OwnNode = Node & { readonly databaseUrl: string };

export async function openHeadquarters(settings: Settings, clock: Clock, later: CleanUp): Promise<OwnNode> {
  const config = configOf(settings);
  const log = loggerOf(config);
  const database = await openNodeDatabase(config, log);
  const app = await composeHeadquarters({
    config,
    log,
    databaseUrl: database.url,
    canSetRole: database.canSetRole,
    clock,
  });
  const worker = startWorker(app);
  const api = await startApi(app);
  const end = async (): Promise<void> => {
    await api.drain();
    await worker.stop();
    await app.close();
    await database.stop();
  };
  return { ...once(app, end, later), databaseUrl: database.url };
}

export async function openPark(settings: Settings, clock: Clock, later: CleanUp): Promise<OwnNode> {
  const config = configOf(settings);
  const { app, stop, databaseUrl } = await startParkNode(config, loggerOf(config), clock);
  return { ...once(app, stop, later), databaseUrl };
}

/** Makes a park's node known at headquarters, its park being its own home from a day on. */
export async function enrol(
  headquarters: App,
  park: App,
  homeFrom: string,
  change: Partial<Pick<Enrolling, 'post' | 'secret'>> = {},
): Promise<void> {
  const { nodeId, parkId, ...identity } = await parkIdentity(park);
  const invited = await headquarters.modules.nodes.inviteNode({ nodeId, parkId, homeFrom }, META);
  if (!invited.ok) throw new Error(invited.refusal.code);
  const { incarnation } = await park.replication.head();
  const secret = (bytes: number): string => systemIds.secret(bytes);
  const { code } = invited.value;
  const enrolled = await enrolAt({ ...identity, nodeId, parkId, code, incarnation, secret, ...change });
  if (!enrolled.ok) throw new Error(enrolled.refusal.reason);
  await park.modules.nodes.enrolment.keep(enrolled.value);
}

/** A data directory as an operator's backup has it: copied with owners and modes while nothing runs on it. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await promisify(execFile)('cp', ['-a', from, to]);
}

/** Waits until something holds, as people do. @throws with the last answer when it does not within `limitMs` */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
  limitMs = 20_000,
): Promise<Answer> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > giveUpAt) throw new Error(`still ${JSON.stringify(answer)}`);
    await sleep(50);
  }
}
