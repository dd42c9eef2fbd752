/**
 * `node tools/run.mjs <name> [arguments]`: builds what is stale, then becomes that program, in this very process, so that
 * signals and the exit code need no forwarding.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkInstalled, ensureBuilt, runTool, StartProblem } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Programs that are not part of the product and run from their sources. */
const fromSource = {
  demo: 'tools/demo.ts',
  'demo-money': 'tools/demo-money.ts',
  'demo-chain': 'tools/demo-chain.ts',
  bench: 'bench/run.ts',
  chaos: 'tools/chaos.ts',
  sim: 'tools/sim.ts',
  'sim-mutants': 'tools/sim-mutants.ts',
};

/** Programs that answer browsers. */
const showsPages = new Set(['start', 'api', 'park-node', 'demo-chain']);

/** Builds, then runs `name` with `programArguments` as its command line. */
export async function run(name, programArguments) {
  await checkInstalled();
  await ensureBuilt({ withPages: showsPages.has(name) });
  stopWithParent();
  const source = fromSource[name];
  const program = join(root, source ?? `dist/main/${name}.js`);
  if (!existsSync(program)) throw new StartProblem(`There is no program "${name}".`);
  process.argv = [process.argv[0], program, ...programArguments];
  if (source !== undefined) {
    const { register } = await import('tsx/esm/api');
    register();
  }
  await import(pathToFileURL(program).href);
}

/**
 * npm passes signals on, but a killed npm (-9) passes nothing: without this the program would live on, unseen. When npm or
 * the shell between is gone, this process is asked to stop as if by hand.
 */
function stopWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const ancestors = npmAncestors().join();
  const watch = setInterval(() => {
    if (npmAncestors().join() === ancestors) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

/** The parent and, where that is the shell npm opens for a script, the parent's parent: npm. */
function npmAncestors() {
  const parent = process.ppid;
  try {
    const [, name, grandparent] = readFileSync(`/proc/${parent}/stat`, 'utf8').match(/^\d+ \((.*)\) \S (\d+)/s);
    return /^(ba|da)?sh$/.test(name) ? [parent, Number(grandparent)] : [parent];
  } catch {
    // No /proc: the systems without it have a shell that npm's script replaces.
    return [parent];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = '', ...programArguments] = process.argv.slice(2);
  await runTool(() => run(name, programArguments));
}
