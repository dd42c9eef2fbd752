/**
 * `npm run sim:mutants`: plants faults one at a time in a copy of the program, and lets the simulator look for each. It ends with
 * exit code 0 only if every one is caught by a seed of the budget: a simulator that finds nothing where something is wrong proves nothing.
 * The seed that is known to catch a mutant is lived first.
 *
 * `npm run sim:mutants -- [--only NAME]… [--seeds 30] [--hands 2] [--known]`
 * With `--known` no other seed is lived, and only mutants that have one are planted.
 */
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openGround, type Ground } from './sim/crew.ts';
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
      seeds: { type: 'string', default: '30' },
      hands: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      known: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.filter((only) => !mutants.some(({ name }) => name === only));
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(', ')}; known: ${mutants.map(({ name }) => name).join(', ')}`);
  }
  const chosen = values.only.length === 0 ? mutants : mutants.filter(({ name }) => values.only.includes(name));
  const planted = values.known ? chosen.filter(({ seed }) => seed !== null) : chosen;
  return { chosen: planted, budget: values.known ? 0 : Number(values.seeds), hands: Number(values.hands) };
}

/** @throws where a seed could not be judged: a program that does not start has shown nothing, and no rule has caught it */
async function look(ground: Ground, mutant: Mutant, budget: number): Promise<Caught | null> {
  const copy = await mkdtemp(join(tmpdir(), `skypark-mutant-${mutant.name}-`));
  for (const path of COPIED) await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await plant(mutant, copy);
  const crew = ground.crew(1, copy);
  try {
    const known = mutant.seed === null ? [] : [mutant.seed];
    const seeds = new Set([...known, ...Array.from({ length: budget }, (_, index) => index + 1)]);
    for (const seed of seeds) {
      const [first] = (await crew.live({ seed: String(seed) })).violations;
      if (first?.rule === 'the run')
        throw new Error(`seed ${seed} of ${mutant.name} could not be judged: ${first.what}`);
      if (first !== undefined) return { seed: String(seed), ...first };
    }
    return null;
  } finally {
    await crew.close();
    await rm(copy, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));
const { chosen, budget, hands } = readSettings();
const ground = await openGround();
const waiting = [...chosen];
const living: string[] = [];
const work = async (): Promise<void> => {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const caught = await look(ground, mutant, budget).catch((error: unknown) => {
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
