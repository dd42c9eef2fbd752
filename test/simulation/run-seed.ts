import { createHash } from 'node:crypto';
import { act } from './act.ts';
import { breakSomething, mendAll, mendCore, type Backups } from './break.ts';
import { bringAll } from './devices.ts';
import { newDiary } from './diary.ts';
import { judge } from './judge.ts';
import type { Violation } from './judged.ts';
import { forbidRealTime } from './no-real-time.ts';
import type { Scene } from './scene.ts';
import type { Fault, Plan, Step } from './steps.ts';
import { BEGIN_MS, DAY_MS, HOUR_MS, openWorld, settle, type Lane, type World } from './world.ts';

export type Run = {
  readonly violations: readonly Violation[];
  /** Of what happened: the same for the same plan. */
  readonly traceHash: string;
  readonly lines: readonly string[];
  readonly reached: ReadonlyMap<string, number>;
  readonly simulatedMs: number;
  readonly events: number;
  readonly faults: ReadonlyMap<string, number>;
};

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

/** Both days end, and a day more for what is asked for again and again. */
async function comeToRest(scene: Scene): Promise<void> {
  const { world } = scene;
  await mendAll(world);
  await settle(world, 1);
  await bringAll(scene);
  for (const hours of [40, 64]) {
    world.passTo(BEGIN_MS + hours * HOUR_MS);
    await settle(world, 1);
  }
  world.passTo(BEGIN_MS + 4 * DAY_MS);
  await settle(world, 4);
}

const wordsOf = ({ id, afterMs, kind }: Step): string =>
  `${String(id).padStart(4)} ${new Date(afterMs).toISOString().slice(11, 19)} ${kind}`;

/** Lives a plan from end to end on the world as it was prepared, and judges it. */
export async function runPlan(lane: Lane, plan: Plan): Promise<Run> {
  const allowRealTime = forbidRealTime();
  try {
    return await livePlan(await openWorld(lane, plan.seed), plan);
  } finally {
    allowRealTime();
  }
}

async function livePlan(world: World, plan: Plan): Promise<Run> {
  const diary = newDiary();
  const scene: Scene = { world, diary, devices: [] };
  const backups: Backups = new Map();
  const faults = new Map<string, number>();
  try {
    for (const step of plan.steps) {
      world.passTo(BEGIN_MS + step.afterMs);
      if (isFault(step)) faults.set(step.kind, (faults.get(step.kind) ?? 0) + 1);
      const outcome = isFault(step) ? await breakSomething(scene, step, backups) : await act(scene, step);
      diary.lines.push(`${wordsOf(step)}: ${outcome}`);
    }
    const stuck = await healCore(scene);
    await comeToRest(scene);
    for (const node of world.nodes) await node.end();
    const violations = [...stuck, ...(await judge(scene))];
    const events = await world.headquarters.app.store.headPosition();
    diary.lines.push(`${events} events, ${violations.length} violations`);
    return {
      violations,
      traceHash: createHash('sha256').update(diary.lines.join('\n')).digest('hex'),
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
