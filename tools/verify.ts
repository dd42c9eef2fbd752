/**
 * `npm run verify`: the long proofs that `.ci/run` has no time for, one after another; a failed one does not keep the rest
 * from running. `npm run verify -- <name>…` runs only those named.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Program = { readonly name: string; readonly run: () => Promise<boolean> };

/** @returns whether the command ended with exit code 0 */
function succeeds(command: string, commandArguments: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { stdio: 'inherit' });
    child.once('error', reject).once('exit', (code) => resolve(code === 0));
  });
}

/** The README's commands on the newest Node we support; the binary comes as a package into a temporary folder. */
async function smokeOnNode24(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-node24-'));
  try {
    const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node-linux-${process.arch}@24`];
    if (!(await succeeds('npm', install))) return false;
    return await succeeds('tools/smoke.sh', [
      '--node',
      join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin'),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const programs: readonly Program[] = [
  {
    name: 'tests',
    run: () => succeeds('npx', ['vitest', 'run', '--project', 'verify']),
  },
  { name: 'node24', run: smokeOnNode24 },
  { name: 'money', run: () => succeeds('npm', ['run', 'demo:money']) },
  { name: 'sim', run: () => succeeds('npm', ['run', 'sim', '--', '--seeds', '300']) },
  { name: 'chaos', run: () => succeeds('npm', ['run', 'chaos']) },
  { name: 'mutants', run: () => succeeds('npm', ['run', 'sim:mutants']) },
];

function chosen(names: readonly string[]): readonly Program[] {
  const unknown = names.filter((name) => !programs.some((program) => program.name === name));
  if (unknown.length > 0)
    throw new Error(`unknown: ${unknown.join(', ')}; known: ${programs.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? programs : programs.filter(({ name }) => names.includes(name));
}

if (spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).stdout !== '') {
  console.warn('Uncommitted changes: what runs in a fresh clone will not see them.');
}
const failed: string[] = [];
for (const program of chosen(process.argv.slice(2))) {
  const startedAtMs = performance.now();
  console.log(`\n=== ${program.name}`);
  const passed = await program.run();
  if (!passed) failed.push(program.name);
  console.log(
    `=== ${program.name}: ${passed ? 'passed' : 'FAILED'} in ${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`,
  );
}
console.log(failed.length === 0 ? '\nAll verified.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
