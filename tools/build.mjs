/**
 * Compiles src into dist, and the pages of web into web/dist, when they do not match their sources. Plain JavaScript on Node
 * alone, because it runs before anything is built.
 *
 * The stamp is a hash of contents, not of times: a fresh checkout, a branch switch or a copied folder never lies to it.
 * One process builds at a time, in a folder of its own that takes the place of the old one by a rename, so a crash or a second
 * start never leaves half a build.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stampName = '.stamp';
const lockPatienceMs = 120_000;
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const server = { output: 'dist', of: 'src', sources: serverSources, make: compileServer };
const pages = { output: join('web', 'dist'), of: 'web', sources: pageSources, make: buildPages };

/** A reason to stop that the user can act on: shown without a stack. */
export class StartProblem extends Error {}

/**
 * Makes dist match src, and with `withPages` web/dist match web; does nothing where it does. `checkTypes` also refuses sources
 * of the server with type errors.
 */
export async function ensureBuilt({ checkTypes = false, force = false, withPages = false, say = console.error } = {}) {
  await ensure(server, { checkTypes, force, say });
  if (withPages) await ensure(pages, { force, say });
}

async function ensure(target, { checkTypes, force, say }) {
  if (!existsSync(join(root, target.of, target === server ? '' : 'package.json'))) {
    // An image holds what was built and no sources.
    if (target === pages || existsSync(join(root, target.output))) return;
    throw new StartProblem('Neither src nor dist is here: this checkout is not whole.');
  }
  const sources = await target.sources();
  const stamp = await stampOf(sources);
  if (!force && (await builtStamp(target)) === stamp) return;
  if (!existsSync(compiler)) {
    throw new StartProblem(
      `${target.output} does not match ${target.of} and the compiler is missing: run "npm ci" with development packages.`,
    );
  }
  await withLock(async () => {
    if (!force && (await builtStamp(target)) === stamp) return;
    say(target === server ? 'Building…' : 'Building the pages…');
    await build(target, sources, stamp, checkTypes);
  });
}

/** Stops early, in words, when the runtime or the packages are not there. */
export async function checkInstalled() {
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.match(/\d+/g).map(Number);
  const actual = process.versions.node.split('.').map(Number);
  const isOlder =
    wanted.map((number, index) => Math.sign((actual[index] ?? 0) - number)).find((sign) => sign !== 0) === -1;
  if (isOlder) throw new StartProblem(`Node ${process.versions.node} is too old: this needs ${engines.node}.`);
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) {
    throw new StartProblem('The packages are not installed yet: run "npm ci" first.');
  }
}

/** Runs a tool's main function; a StartProblem ends the process with its words and exit code 1. */
export async function runTool(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof StartProblem ? error.message : error);
    process.exit(1);
  }
}

async function build(target, sources, stamp, checkTypes) {
  const folder = join(root, '.build', `${process.pid}-${Date.now()}`);
  const output = join(root, target.output);
  for (const name of await readdir(join(root, '.build'))) {
    // Under the lock any other folder was left by a build that was killed.
    if (name !== 'lock') await rm(join(root, '.build', name), { recursive: true, force: true });
  }
  try {
    await target.make(join(folder, 'new'), sources, checkTypes);
    await writeFile(join(folder, 'new', stampName), stamp);
    if (existsSync(output)) await rename(output, join(folder, 'old'));
    await rename(join(folder, 'new'), output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without `checkTypes` the compiler only strips types: a start should not wait for what `npm run check` proves. */
async function compileServer(outputFolder, sources, checkTypes) {
  const mode = checkTypes ? ['--noEmitOnError'] : ['--noCheck'];
  await runNode([compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', outputFolder, ...mode], server);
  for (const file of sources.filter((name) => name.startsWith('src/') && !name.endsWith('.ts'))) {
    const target = join(outputFolder, relative('src', file));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(root, file), target);
  }
}

function buildPages(outputFolder) {
  return runNode([join(root, 'web', 'build.mjs'), outputFolder], pages);
}

async function runNode(args, target) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new StartProblem(`The build failed; ${target.output} is as it was.`);
}

/** Everything that decides what dist holds, as paths from the root in a fixed order. */
async function serverSources() {
  const files = (await filesBelow('src')).filter((file) => !/(\.test|\.suite|-contract)\.ts$/.test(file));
  return ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...files];
}

/** Everything that decides what web/dist holds. */
async function pageSources() {
  const web = (await filesBelow('web')).filter((file) => !/^web\/(dist|test|node_modules)\//.test(file));
  return [
    'package-lock.json',
    ...web,
    ...(await filesBelow('clients')),
    ...(await filesBelow('src/modules/admission/domain')),
    ...(await filesBelow('src/kernel')),
  ];
}

async function filesBelow(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

async function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function builtStamp({ output }) {
  return readFile(join(root, output, stampName), 'utf8').catch(() => undefined);
}

async function withLock(work) {
  const lockFile = join(root, '.build', 'lock');
  await mkdir(dirname(lockFile), { recursive: true });
  for (const startedAt = Date.now(); ; await sleep(50)) {
    const handle = await open(lockFile, 'wx').catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (handle !== undefined) {
      await handle.writeFile(String(process.pid));
      await handle.close();
      break;
    }
    if (await isAbandoned(lockFile)) await rm(lockFile, { force: true });
    else if (Date.now() - startedAt > lockPatienceMs) {
      throw new StartProblem(`Another build has held ${lockFile} for too long: stop it or delete that file.`);
    }
  }
  try {
    await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** A lock whose process is gone, or that a crash left empty. */
async function isAbandoned(lockFile) {
  try {
    const owner = Number(await readFile(lockFile, 'utf8'));
    if (owner === 0) return Date.now() - (await stat(lockFile)).mtimeMs > 5_000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runTool(async () => {
    await checkInstalled();
    // Tests want dist to match src, and leave what matches to whoever runs it.
    const isForTests = process.argv.includes('--if-stale');
    await ensureBuilt(isForTests ? { withPages: true } : { checkTypes: true, force: true, withPages: true });
  });
}
