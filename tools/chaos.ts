/**
 * `npm run chaos`: real processes and real databases, in networks of their own: headquarters, a router and three parks with their
 * gates. Guests buy and pay, desks sell and gates let in while cables are pulled, processes killed, clocks set wrong, disks filled and
 * machines put back and copied, by three schedules. Then everything is mended, and the judge of simulated days looks at what is left. It
 * ends with exit code 0 only if all rules held, or if this machine allows no namespaces, which it says. With `--strict`, and where CI is
 * set, that is a failure, and so is every step of a schedule in a file of which nothing came: of one that was drawn, faults may fall together.
 *
 * `npm run chaos -- [--random 20 [--seed 1]] [--schedule FILE] [--strict]`. Schedules of a seed are always the same; what the processes make of them
 * is not. What the nodes had to say is kept where a run fails.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { issueServerCertificate, makeAuthority } from '../src/infrastructure/tls/authority.ts';

const USAGE = 'npm run chaos -- [--random 20 [--seed 1]] [--schedule FILE] [--strict]';
const CHILD = fileURLToPath(new URL('../test/chaos/chaos-child.ts', import.meta.url));
const SCHEDULES = fileURLToPath(new URL('../test/chaos/schedules/', import.meta.url));
const HQ = '10.77.0.2';
const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
/** What a run does with its namespaces. */
const PROBE =
  'ip link add name probe-a type veth peer name probe-b && mount -t tmpfs none /mnt && ip netns add probe && ip netns del probe';
/** The first process of a namespace has to bury those that nobody else does: a shell, not Node. */
const FIRST = 'exec 3<&0; "$@" <&3 & wait "$!"';

/** Why this machine cannot do it, or null. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces and lay cables';
  const { error, status, stderr } = spawnSync('unshare', [...NAMESPACES, 'sh', '-c', PROBE], { encoding: 'utf8' });
  if (error !== undefined) return `unshare cannot be run: ${error.message}`;
  return status === 0 ? null : `namespaces are not allowed here: ${stderr.trim()}`;
}

/** @throws Error in words when an option is unknown */
function options() {
  return parseArgs({
    options: {
      random: { type: 'string' },
      seed: { type: 'string', default: '1' },
      schedule: { type: 'string' },
      strict: { type: 'boolean', default: Boolean(process.env['CI']) },
    },
  }).values;
}

/** The schedules to live. @throws Error in words when a number is none */
async function wanted(values: ReturnType<typeof options>): Promise<readonly string[]> {
  const whole = (name: string, text: string): number => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new Error(`--${name} is a whole number from 1 on, not ${text}`);
  };
  if (values.schedule !== undefined) return [values.schedule];
  if (values.random !== undefined) {
    const first = whole('seed', values.seed);
    return Array.from({ length: whole('random', values.random) }, (_, each) => `random:${first + each}`);
  }
  return (await readdir(SCHEDULES)).toSorted().map((file) => join(SCHEDULES, file));
}

/** Certificates of an authority that only this run believes. */
async function certify(folder: string): Promise<void> {
  const authority = makeAuthority('Sky Park chaos', Date.now());
  const own = issueServerCertificate(authority, [HQ], Date.now());
  await writeFile(join(folder, 'ca.pem'), authority.certificatePem);
  await writeFile(join(folder, 'hq.pem'), own.certificatePem);
  await writeFile(join(folder, 'hq.key'), own.keyPem, { mode: 0o600 });
}

async function run(words: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-chaos-'));
  await chmod(folder, 0o755);
  await certify(folder);
  const program = [process.execPath, '--import', import.meta.resolve('tsx'), CHILD, folder, ...words];
  const child = spawn('unshare', [...NAMESPACES, 'sh', '-c', FIRST, 'sh', ...program], {
    // Its input ends with this process, and it with its input.
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGKILL'));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  else console.log(`What the nodes had to say, and their data, are kept in ${folder}.`);
  return code ?? 1;
}

let words: readonly string[];
let isStrict: boolean;
try {
  const values = options();
  isStrict = values.strict;
  words = [...(isStrict ? ['--strict'] : []), ...(await wanted(values))];
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
}
const reason = whyNot();
if (reason !== null) {
  console.log(`${isStrict ? 'not lived' : 'skipped'}: chaos with real processes. ${reason}`);
  process.exit(isStrict ? 1 : 0);
}
process.exit(await run(words));
