/**
 * Chaos within namespaces of its own, which `tools/chaos.ts` opens: networks, mounts and processes made here end with it. Arguments: a
 * folder with the certificates, and the files of schedules or `random:<seed>`; `--strict` where every step of a file has to come about. Ends with
 * exit code 0 only if all rules held.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '../../tools/demo/money/run.ts';
import type { Patience } from '../../tools/demo/answered.ts';
import { copyDirectory } from '../support/nodes.ts';
import { createRandom } from '../support/random.ts';
import { foundChain } from './chain.ts';
import { openNetwork } from './network.ts';
import { reportOf } from './report.ts';
import { runSchedule } from './run.ts';
import { PARKS, randomSchedule, readSchedule, type Schedule } from './schedule.ts';

const {
  values: { strict: isStrict },
  positionals: [folder = '', ...wanted],
} = parseArgs({ allowPositionals: true, options: { strict: { type: 'boolean', default: false } } });
const RANDOM = 'random:';
/** How long whoever prepares the chain, and staff in the office, wait for an answer. */
const patience: Patience = { limitMs: 120_000, onRepeat: () => undefined };

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

// Each database that is started to be looked at adds listeners.
process.setMaxListeners(0);
// Whoever started this is gone when nothing can come from there any more.
process.stdin.resume().once('end', () => process.exit(1));

/** Of a schedule that was drawn, faults may fall together, so that nothing comes of one of them. */
type Wanted = { readonly schedule: Schedule; readonly seed: number; readonly isDrawn: boolean };

async function scheduleOf(word: string): Promise<Wanted> {
  if (!word.startsWith(RANDOM)) return { schedule: await readSchedule(word), seed: 1, isDrawn: false };
  const seed = Number(word.slice(RANDOM.length));
  return { schedule: randomSchedule(seed), seed, isDrawn: true };
}

const schedules = await Promise.all(wanted.map(scheduleOf));
const parkIds = PARKS.filter((parkId) => schedules.some(({ schedule: { parks } }) => parks.includes(parkId)));
const startedMs = performance.now();
const chain = await foundChain(
  {
    folder,
    parkIds,
    network: openNetwork(parkIds),
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'hq.pem'),
    keyFile: join(folder, 'hq.key'),
    random: createRandom(1),
    patience,
  },
  tell,
);
tell(`headquarters and ${parkIds.length} parks are founded, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
/** @returns what is wrong, or null */
async function live({ schedule, seed, isDrawn }: Wanted): Promise<string | null> {
  try {
    const outcome = await runSchedule(chain, schedule, { seed, isStrict: isStrict && !isDrawn, tell });
    tell(reportOf(outcome));
    return outcome.violations.length === 0 ? null : 'rules were broken';
  } catch (error) {
    return `it did not come to an end: ${reasonOf(error)}`;
  }
}

/** The disks of a run that is worth a look, before the next one takes them, and its schedule. */
async function keep(schedule: Schedule, name: string): Promise<void> {
  const kept = join(folder, name);
  await copyDirectory(join(folder, 'live'), kept);
  await writeFile(join(kept, 'schedule.json'), `${JSON.stringify(schedule, null, 1)}\n`);
}

const broken: string[] = [];
for (const [index, one] of schedules.entries()) {
  const { schedule } = one;
  tell(`\n${schedule.name}`);
  const what = await live(one);
  if (what === null) continue;
  const name = `broken-${index + 1}`;
  await keep(schedule, name);
  tell(`  ${what}; the data of all nodes and the schedule are in ${name}`);
  broken.push(schedule.name);
}
tell(broken.length === 0 ? '\nAll rules held.' : `\nBroken: ${broken.join('; ')}`);
process.exit(broken.length === 0 ? 0 : 1);
