import { setTimeout as sleep } from 'node:timers/promises';
import type { Violation } from '../simulation/judged.ts';
import { createRandom } from '../support/random.ts';
import { beginAnew, type ChaosChain } from './chain.ts';
import { apply, mendAll, mendWays, noDamage, smallDisks, type Damage } from './faults.ts';
import { untriedIn } from './oracle.ts';
import { openParts, type Parts } from './parts.ts';
import { sendPictures } from './pictures.ts';
import type { Schedule } from './schedule.ts';
import { newScene, type Scene } from './scene.ts';
import { comeToRest } from './settle.ts';
import { verdictOn } from './verdict.ts';
import { beGuest, standAtDesk, standAtGate, tendGate } from './visitors.ts';

export type Outcome = {
  readonly schedule: Schedule;
  readonly seconds: number;
  readonly violations: readonly Violation[];
  readonly faults: ReadonlyMap<string, number>;
  readonly answers: Scene['answers'];
  readonly tickets: number;
  readonly passages: number;
  readonly aloneAtGates: number;
  readonly events: number;
  readonly restarts: number;
  readonly longestSilenceMs: number;
  readonly missing: Parts['missing'];
};

/** Everybody at work, until the scene is over and they have ended what they were at. */
function comeToLife(scene: Scene): Promise<unknown> {
  const { parks, families } = scene.chain;
  return Promise.all([
    ...families.slice(0, 1).map((family) => sendPictures(scene, family)),
    ...families.map((family, guest) => beGuest(scene, family, guest)),
    ...parks.map((park) => standAtDesk(scene, park)),
    ...parks.flatMap((park) => park.gates.flatMap((gate) => [standAtGate(scene, park, gate), tendGate(scene, gate)])),
  ]);
}

type Tell = (line: string) => void;

/** What came of the steps of a schedule. */
type Broken = { readonly faults: ReadonlyMap<string, number>; readonly undone: readonly string[] };

/** Breaks and mends one thing after the other. The time of a schedule stands still while one is done, as copying a disk takes its time. */
async function breakAll(scene: Scene, schedule: Schedule, damage: Damage, parts: Parts, tell: Tell): Promise<Broken> {
  const faults = new Map<string, number>();
  const undone: string[] = [];
  let beginMs = Date.now();
  const until = (seconds: number) => sleep(Math.max(0, beginMs + seconds * 1000 - Date.now()));
  for (const { at, ...fault } of schedule.steps) {
    await until(at);
    const startedMs = Date.now();
    const nothing = await apply(scene, fault, damage, parts);
    beginMs += Date.now() - startedMs;
    const line = `${String(at).padStart(4)} s  ${wordsOf(fault)}${nothing === null ? '' : `: ${nothing}`}`;
    tell(line);
    if (nothing === null) faults.set(fault.do, (faults.get(fault.do) ?? 0) + 1);
    else undone.push(line.trim());
  }
  await until(schedule.lasts);
  return { faults, undone };
}

const wordsOf = ({ do: what, ...more }: { readonly do: string }): string =>
  [what.replaceAll('_', ' '), ...Object.entries(more).map(([name, value]) => `${name} ${String(value)}`)].join(', ');

type Manner = {
  readonly seed: number;
  /** A step of which nothing came is a fault. */
  readonly isStrict: boolean;
  readonly tell: Tell;
};

/** Lives a schedule on a fresh copy of the chain, mends everything, and has it judged. All nodes are stopped then. */
export async function runSchedule(
  founded: ChaosChain,
  schedule: Schedule,
  { seed, isStrict, tell }: Manner,
): Promise<Outcome> {
  const startedMs = performance.now();
  const since = (): string => ((performance.now() - startedMs) / 1000).toFixed(0);
  const parts = await openParts(schedule, founded.provider);
  const damage = noDamage();
  let chain = founded;
  let scene: Scene | null = null;
  try {
    chain = await beginAnew(founded, { smallDisks: smallDisks(schedule), parts: parts.settings });
    tell(`the chain is as it was founded, and runs: ${since()} s`);
    scene = newScene(chain, createRandom(seed));
    const living = comeToLife(scene);
    // Whoever waits for the end is told of a failure.
    living.catch(() => undefined);
    const broken = await breakAll(scene, schedule, damage, parts, tell);
    await mendAll(scene, damage, parts);
    scene.isOver = true;
    await Promise.all([chain.hq, ...chain.parks.map(({ node }) => node)].map((node) => node.ready()));
    tell(`everything is mended, and all nodes answer: ${since()} s`);
    await living;
    tell(`everybody has gone home: ${since()} s`);
    const rest = await comeToRest(scene);
    tell(`everybody has heard everything: ${since()} s`);
    const orders = await chain.provider.orders();
    await stopAll(chain);
    const { violations, events } = await verdictOn(scene, orders, rest);
    const { tickets, passages } = scene.diary;
    const untried = untriedIn(
      { ...broken, tickets, passages, parkIds: chain.parks.map(({ parkId }) => parkId) },
      isStrict,
    );
    const gates = chain.parks.flatMap((park) => park.gates);
    return {
      schedule,
      seconds: (performance.now() - startedMs) / 1000,
      violations: [...untried, ...violations],
      faults: broken.faults,
      answers: scene.answers,
      tickets: tickets.length,
      passages: passages.length,
      aloneAtGates: scene.answers.get('gate alone')?.get('admitted') ?? 0,
      events,
      restarts: [chain.hq, ...chain.parks.map(({ node }) => node)].reduce((sum, { restarts }) => sum + restarts, 0),
      longestSilenceMs: Math.max(...gates.map((gate) => gate.longestSilenceMs)),
      missing: parts.missing,
    };
  } finally {
    if (scene !== null) scene.isOver = true;
    mendWays(chain);
    for (const copy of damage.copies) await copy.stop();
    await stopAll(chain);
    await parts.dispose();
  }
}

async function stopAll({ hq, parks, provider }: ChaosChain): Promise<void> {
  await Promise.all([hq, ...parks.map(({ node }) => node)].map((node) => node.stop()));
  await provider.makeRoom();
}
