import { statement } from '../../src/infrastructure/postgres/session.ts';
import { act } from './act.ts';
import { breakSomething, mendAll, mendCore, type Backups } from './break.ts';
import { bringAll } from './devices.ts';
import { newDiary } from './diary.ts';
import { judge } from './judge.ts';
import type { Violation } from './judged.ts';
import { forbidRealTime } from './no-real-time.ts';
import type { Scene } from './scene.ts';
import type { SimNode } from './sim-node.ts';
import type { Fault, Plan, Step } from './steps.ts';
import { BEGIN_MS, DAY_MS, HOUR_MS, openWorld, settle, type Lane, type World } from './world.ts';

export type Run = {
  readonly violations: readonly Violation[];
  /** What happened: the same for the same plan. */
  readonly lines: readonly string[];
  readonly reached: ReadonlyMap<string, number>;
  readonly simulatedMs: number;
  readonly events: number;
  readonly faults: ReadonlyMap<string, number>;
};

/** Of so many nodes it is done at the end what is put off until then: it takes long, and every node does the same. */
const ENDED = 1 / 3;

const FAULTS: ReadonlySet<string> = new Set<Fault['kind']>([
  'cut',
  'replies_lost',
  'mend',
  'messages',
  'crash',
  'put_aside',
  'put_back',
  'skew',
  'bank_away',
  'bank_back',
  'disk_full',
  'disk_freed',
  'revoke',
  'device_stolen',
]);
const isFault = (step: Step): step is Step & Fault => FAULTS.has(step.kind);

/** Headquarters and one park must come through, whatever is still wrong with the rest. */
async function healCore({ world, diary }: Scene): Promise<readonly Violation[]> {
  const trusted = world.parks.filter(({ parkId }) => !diary.revoked.has(parkId));
  if (trusted.length === 0) return [];
  const park = world.dice.pick('core', trusted);
  for (const { link } of world.parks) if (link !== park.link) link.fault = 'cut';
  await mendCore(world, park);
  await settle(world, 2);
  const { state } = park.node;
  const isThrough = state?.verdict === 'ok' && state.backlog === 0;
  return isThrough ? [] : [{ rule: 'progress of a core', what: `${park.parkId}: ${JSON.stringify(state)}` }];
}

/** No job that sends anything waits longer than that. */
const JOBS_MS = 10_000;

/** How often nodes hear each other before the last devices bring what they have. */
const HEARD_FIRST = 1 / 2;

/** Both days end, and days more for what is asked for again and again. */
async function comeToRest(scene: Scene): Promise<void> {
  const { world } = scene;
  await mendAll(world);
  world.passTo(BEGIN_MS + 40 * HOUR_MS);
  if (world.dice.chance('rest/heard', HEARD_FIRST)) await settle(world, 1);
  await bringAll(scene);
  // What was heard of only now is asked for when time has passed, not in the same moment.
  world.passTo(BEGIN_MS + 3 * DAY_MS);
  await settle(world, 4);
  // What the last round has given cause for is done by jobs that had been done in that moment.
  world.passTo(world.clock.now() + JOBS_MS);
  await settle(world, 4);
}

async function healAndJudge(scene: Scene): Promise<readonly Violation[]> {
  const { world } = scene;
  const stuck = await healCore(scene);
  await comeToRest(scene);
  for (const node of world.nodes) if (world.dice.chance(`end/${node.place.nodeId}`, ENDED)) await node.end();
  return [...stuck, ...(await judge(scene))];
}

/** All events that a node holds, but for names of lives and what is enciphered: those are never the same. */
const LOG = statement(
  'simulation.log',
  `select count(*) as events, md5(string_agg(concat_ws(' ', event_type, id, node_id, seq, hlc), ',' order by position)) as hash from store.event`,
);

async function wordsOfLog({ place: { nodeId }, app }: SimNode): Promise<string> {
  const [log] = await app.database.rows<{ readonly events: number; readonly hash: string }>(LOG);
  return `${nodeId}: ${log?.events ?? 0} events, ${log?.hash ?? ''}`;
}

const wordsOf = ({ id, afterMs, kind }: Step): string =>
  `${String(id).padStart(4)} ${new Date(afterMs).toISOString().slice(11, 19)} ${kind}`;

/**
 * Lives a plan on the world as it was prepared: until it is healed and judged, or until its last step, which is far enough to see whether
 * it happens again as it did.
 */
export async function runPlan(lane: Lane, plan: Plan, until: 'healed' | 'last step' = 'healed'): Promise<Run> {
  const allowRealTime = forbidRealTime();
  let run: Run;
  let refused: readonly string[] = [];
  try {
    run = await livePlan(await openWorld(lane, plan.seed), plan, until);
  } finally {
    refused = allowRealTime();
  }
  return { ...run, violations: [...run.violations, ...refused.map((what) => ({ rule: 'no real time', what }))] };
}

async function livePlan(world: World, plan: Plan, until: 'healed' | 'last step'): Promise<Run> {
  const diary = newDiary();
  const scene: Scene = { world, diary, devices: [] };
  const backups: Backups = new Map();
  const faults = new Map<string, number>();
  try {
    for (const step of plan.steps) {
      // Of two steps at one moment the diary has to know which was first.
      world.passTo(Math.max(BEGIN_MS + step.afterMs, world.clock.now() + 1));
      if (isFault(step)) faults.set(step.kind, (faults.get(step.kind) ?? 0) + 1);
      const outcome = isFault(step) ? await breakSomething(scene, step, backups) : await act(scene, step);
      diary.lines.push(`${wordsOf(step)}: ${outcome}`);
    }
    const writeLogsDown = async (): Promise<void> => {
      for (const node of world.nodes) diary.lines.push(await wordsOfLog(node));
    };
    await writeLogsDown();
    const violations = until === 'healed' ? await healAndJudge(scene) : [];
    if (until === 'healed') await writeLogsDown();
    const events = await world.headquarters.app.store.headPosition();
    return {
      violations,
      lines: diary.lines,
      reached: diary.reached,
      simulatedMs: world.clock.now() - BEGIN_MS,
      events,
      faults,
    };
  } finally {
    await world.close();
  }
}
