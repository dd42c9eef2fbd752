/**
 * `npm run sim:mutants`: plants faults one at a time in a copy of the program, and lets the simulator look for each. It ends with
 * exit code 0 only if every one is caught by a seed of the budget: a simulator that finds nothing where something is wrong proves nothing.
 * The seed that is known to catch a mutant is lived first, and before that by the program as it is, where it has to break nothing.
 *
 * `npm run sim:mutants -- [--only NAME]… [--seeds 300] [--hands 2] [--known] [--plan FILE]`
 * With `--known` no other seed is lived; with `--plan` nothing but that plan is.
 */
import { cp, readFile, rm, symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Plan } from '../test/simulation/steps.ts';
import { openGround, type Ground, type Question } from './sim/crew.ts';
import { mutants } from './sim/mutants.ts';
import { plant, type Mutant } from './sim/plant.ts';

const ROOT = join(import.meta.dirname, '..');
/** What a simulation is made of. */
const COPIED = ['src', 'clients', 'test/simulation', 'test/support', 'tools', 'package.json', 'tsconfig.json'];

/** What the simulator said of a mutant; null where no seed broke a rule. */
type Caught = { readonly seed: string; readonly rule: string; readonly what: string };

function readSettings() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string', default: '300' },
      hands: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      known: { type: 'boolean', default: false },
      plan: { type: 'string' },
    },
  });
  const unknown = values.only.filter((only) => !mutants.some(({ name }) => name === only));
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(', ')}; known: ${mutants.map(({ name }) => name).join(', ')}`);
  }
  const chosen = values.only.length === 0 ? mutants : mutants.filter(({ name }) => values.only.includes(name));
  const budget = values.known ? 0 : Number(values.seeds);
  return { chosen, budget, hands: Number(values.hands), planFile: values.plan ?? null };
}

/** What a mutant is looked for with: the seed that is known to catch it first. */
function questionsFor({ seed: known }: Mutant, budget: number, plan: Plan | null): readonly Question[] {
  if (plan !== null) return [{ seed: plan.seed, plan }];
  const others = Array.from({ length: budget }, (_, index) => index + 1);
  return [...new Set([known, ...others])].map((seed) => ({ seed: String(seed) }));
}

/** @throws where a seed could not be judged: a program that does not start has shown nothing, and no rule has caught it */
async function look(ground: Ground, mutant: Mutant, questions: readonly Question[]): Promise<Caught | null> {
  const copy = await ground.room(mutant.name);
  for (const path of COPIED) await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await plant(mutant, copy);
  const crew = await ground.crew(1, copy);
  try {
    for (const question of questions) {
      const { seed } = question;
      const { violations } = await crew.live(question);
      const failure = violations.find(({ rule }) => rule === 'the run');
      if (failure !== undefined) throw new Error(`seed ${seed} of ${mutant.name} could not be judged: ${failure.what}`);
      const harm = violations.find(({ rule }) => rule === mutant.rule);
      if (harm !== undefined) return { seed, ...harm };
    }
    return null;
  } finally {
    await crew.close();
    await rm(copy, { recursive: true, force: true });
  }
}

/** What breaks something also where nothing was planted, of the known seeds or the plan: it would prove nothing. */
async function brokenAnyway(ground: Ground, hands: number): Promise<readonly string[]> {
  const crew = await ground.crew(hands);
  const questions = new Map(chosen.flatMap((mutant) => questionsFor(mutant, 0, plan)).map((each) => [each.seed, each]));
  const live = async (question: Question) => ({ seed: question.seed, ...(await crew.live(question)) });
  const lived = await Promise.all([...questions.values()].map(live));
  await crew.close();
  return lived.filter(({ violations }) => violations.length > 0).map(({ seed }) => seed);
}

const { chosen, budget, hands, planFile } = readSettings();
const plan = planFile === null ? null : (JSON.parse(await readFile(planFile, 'utf8')) as Plan);
const ground = await openGround();
const broken = await brokenAnyway(ground, hands);
if (broken.length > 0) {
  await ground.close();
  console.error(`These seeds break a rule also where nothing is planted: ${broken.join(', ')}`);
  process.exit(1);
}
const waiting = [...chosen];
const living: string[] = [];
const work = async (): Promise<void> => {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const caught = await look(ground, mutant, questionsFor(mutant, budget, plan)).catch((error: unknown) => {
      console.error(String(error));
      return null;
    });
    if (caught === null) living.push(mutant.name);
    console.log(`${mutant.name}: ${caught === null ? 'LIVES' : `seed ${caught.seed}, ${caught.rule}: ${caught.what}`}`);
  }
};
await Promise.all(Array.from({ length: hands }, work));
await ground.close();
console.log(living.length === 0 ? `\nAll ${chosen.length} mutants were caught.` : `\nNot caught: ${living.join(', ')}`);
process.exit(living.length === 0 ? 0 : 1);
