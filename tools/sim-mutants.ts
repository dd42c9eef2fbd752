/**
 * `npm run sim:mutants`: plants faults one at a time in a copy of the program, and lets the simulator look for each. It ends with
 * exit code 0 only if every one is caught by a seed of the budget: a simulator that finds nothing where something is wrong proves nothing.
 *
 * `npm run sim:mutants -- [--only NAME]… [--seeds 25] [--hands 1]`
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutants } from './sim/mutants.ts';
import { plant, type Mutant } from './sim/plant.ts';

const ROOT = join(import.meta.dirname, '..');
/** What a simulation is made of. */
const COPIED = ['src', 'test/simulation', 'test/support', 'tools', 'package.json', 'tsconfig.json'];

/** What the simulator said of a mutant; null where no seed broke a rule. */
type Caught = { readonly seed: string; readonly rule: string; readonly seconds: number };

function readSettings() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string', default: '25' },
      hands: { type: 'string', default: '1' },
    },
  });
  const unknown = values.only.filter((only) => !mutants.some(({ name }) => name === only));
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(', ')}; known: ${mutants.map(({ name }) => name).join(', ')}`);
  }
  const chosen = values.only.length === 0 ? mutants : mutants.filter(({ name }) => values.only.includes(name));
  return { chosen, simulator: ['--seeds', values.seeds, '--hands', values.hands, '--until-broken'] };
}

/** @returns all that the simulator said, and its exit code */
function simulate(root: string, options: readonly string[]): Promise<{ readonly said: string; readonly code: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/sim.ts', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => (said += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', stop);
      resolve({ said, code: code ?? 2 });
    });
  });
}

/**
 * A run that was broken in any other way than by a rule, such as a program that does not start, catches nothing.
 * @throws where no verdict can be read
 */
async function look(mutant: Mutant, simulator: readonly string[]): Promise<Caught | null> {
  const beganMs = performance.now();
  const copy = await mkdtemp(join(tmpdir(), `skypark-mutant-${mutant.name}-`));
  try {
    for (const path of COPIED) await cp(join(ROOT, path), join(copy, path), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await plant(mutant, copy);
    const { said, code } = await simulate(copy, simulator);
    const [, seed, rule] = /^seed (\d+) breaks:\n {2}([^:\n]+): /m.exec(said) ?? [];
    if (code === 1 && seed !== undefined && rule !== undefined) {
      return { seed, rule, seconds: Math.round((performance.now() - beganMs) / 1000) };
    }
    if (code === 0) return null;
    throw new Error(`the simulator could not judge ${mutant.name}:\n${said.slice(-4000)}`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));
const { chosen, simulator } = readSettings();
const width = Math.max(...chosen.map(({ name }) => name.length));
const living: string[] = [];
for (const mutant of chosen) {
  const caught = await look(mutant, simulator);
  if (caught === null) living.push(mutant.name);
  const verdict = caught === null ? 'LIVES' : `seed ${caught.seed.padStart(2)}  ${caught.rule} (${caught.seconds} s)`;
  console.log(`${mutant.name.padEnd(width)}  ${verdict}`);
}
console.log(living.length === 0 ? `\nAll ${chosen.length} mutants were caught.` : `\nNot caught: ${living.join(', ')}`);
process.exit(living.length === 0 ? 0 : 1);
