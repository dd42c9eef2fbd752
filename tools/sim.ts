/**
 * `npm run sim`: lives simulated days of the chain, seed by seed, and judges each: headquarters and two parks as they ship, each
 * on a PostgreSQL of its own, under simulated time, with cables cut, messages lost and doubled, nodes killed and put back, clocks
 * wrong and a bank that does not answer. It ends with exit code 0 only if every rule held; a seed that broke one is printed with
 * the shortest plan that does so and the command that lives it again.
 *
 * `npm run sim -- [--seeds 300 | --minutes 30] [--first 1] [--once] [--seed S] [--plan FILE] [--hands 2] [--page FILE]`
 * Every seed is lived again up to its last step, every tenth until it is healed and judged, and has to happen as it did, with the same logs at all nodes, unless `--once` is said. With `--until-broken` it stops at the first
 * seed that breaks a rule, and shortens no plan.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { planOf } from '../test/simulation/plan.ts';
import { shrink } from '../test/simulation/shrink.ts';
import type { Plan } from '../test/simulation/steps.ts';
import { NODE_IDS } from '../test/simulation/places.ts';
import { openGround, type Answer, type Crew } from './sim/crew.ts';
import { pageOf } from './sim/page.ts';
import { unreached } from './sim/probes.ts';
import { newTally, tableOf, type Tally } from './sim/tally.ts';

const USAGE =
  'npm run sim -- [--seeds 300 | --minutes 30] [--first 1] [--once] [--seed S] [--plan FILE] [--hands 2] [--page FILE] [--until-broken]';
/** Lives that a failing plan is shortened with. */
const SHRINK_BUDGET = 40;

function readSettings() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      minutes: { type: 'string' },
      first: { type: 'string', default: '1' },
      seed: { type: 'string' },
      plan: { type: 'string' },
      hands: { type: 'string', default: String(Math.min(4, availableParallelism())) },
      page: { type: 'string' },
      once: { type: 'boolean', default: false },
      'until-broken': { type: 'boolean', default: false },
    },
  });
  const whole = (name: string, text: string): number => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new Error(`--${name} is a whole number from 1 on, not ${text}`);
  };
  return {
    count: values.minutes === undefined ? whole('seeds', values.seeds) : Infinity,
    untilMs: values.minutes === undefined ? Infinity : performance.now() + whole('minutes', values.minutes) * 60_000,
    first: whole('first', values.first),
    hands: whole('hands', values.hands),
    one: values.seed ?? null,
    planFile: values.plan ?? null,
    page: values.page ?? null,
    isTwice: !values.once,
    isUntilBroken: values['until-broken'],
  };
}

type Settings = ReturnType<typeof readSettings>;

const wordsOf = ({ violations }: Answer): string => violations.map(({ rule, what }) => `  ${rule}: ${what}`).join('\n');

async function explain(crew: Crew, plan: Plan, answer: Answer): Promise<void> {
  const { seed } = plan;
  console.log(`\nseed ${seed} breaks:\n${wordsOf(answer)}`);
  const rules = new Set(answer.violations.map(({ rule }) => rule).filter((rule) => rule !== 'determinism'));
  if (rules.size === 0) return;
  const fails = async (shorter: Plan): Promise<boolean> =>
    (await crew.live({ seed, plan: shorter })).violations.some(({ rule }) => rules.has(rule));
  const least = await shrink(plan, fails, SHRINK_BUDGET);
  const file = `sim-${seed}.json`;
  await writeFile(file, `${JSON.stringify(least, null, 1)}\n`);
  console.log(`  ${least.steps.length} of ${plan.steps.length} steps do it: npm run sim -- --plan ${file}\n`);
}

/** Every so many seeds the second life goes on until the world is healed and judged, as the first one does. */
const TO_THE_END = 10;

/** How the second life of a seed, as far as it goes, went otherwise than the first; null where it did not. */
function differenceOf(first: Answer, again: Answer, isToTheEnd: boolean): string | null {
  const broken = again.violations[0];
  if (broken !== undefined) return `lived again: ${broken.rule}: ${broken.what}`;
  // Once healed, each node's log stands there again.
  const expected = isToTheEnd ? first.lines : first.lines.slice(0, -NODE_IDS.length);
  const at = Array.from({ length: Math.max(expected.length, again.lines.length) }).findIndex(
    (_line, index) => expected[index] !== again.lines[index],
  );
  return at < 0 ? null : `${expected[at] ?? 'nothing'} | ${again.lines[at] ?? 'nothing'}`;
}

async function liveOne(crew: Crew, seed: string, tally: Tally, isTwice: boolean): Promise<Answer> {
  const answer = await crew.live({ seed });
  const isToTheEnd = Number(seed) % TO_THE_END === 0;
  const again = isTwice ? await crew.live({ seed, isAgain: !isToTheEnd }) : null;
  const what = again === null ? null : differenceOf(answer, again, isToTheEnd);
  const told =
    what === null ? answer : { ...answer, violations: [...answer.violations, { rule: 'determinism', what }] };
  tally.add(told);
  return told;
}

async function liveMany(
  crew: Crew,
  { first, count, untilMs, hands, isTwice, isUntilBroken }: Settings,
  tally: Tally,
): Promise<boolean> {
  const broken: [string, Answer][] = [];
  let next = first;
  const work = async (): Promise<void> => {
    while (next < first + count && performance.now() < untilMs && !(isUntilBroken && broken.length > 0)) {
      const seed = String(next);
      next += 1;
      const answer = await liveOne(crew, seed, tally, isTwice);
      if (answer.violations.length > 0) broken.push([seed, answer]);
      if (tally.seeds() % 20 === 0) console.log(`${tally.seeds()} seeds, ${broken.length} broke a rule`);
    }
  };
  await Promise.all(Array.from({ length: hands }, work));
  const shortened = isUntilBroken ? 0 : 3;
  for (const [seed, answer] of broken.slice(0, shortened)) await explain(crew, planOf(seed), answer);
  for (const [seed, answer] of broken.slice(shortened)) console.log(`seed ${seed} breaks:\n${wordsOf(answer)}`);
  return broken.length === 0;
}

async function liveShown(crew: Crew, plan: Plan): Promise<boolean> {
  const answer = await crew.live({ seed: plan.seed, plan });
  console.log(answer.lines.join('\n'));
  if (answer.violations.length > 0) console.log(`it breaks:\n${wordsOf(answer)}`);
  return answer.violations.length === 0;
}

async function run(settings: Settings): Promise<boolean> {
  const ground = await openGround();
  try {
    const crew = await ground.crew(settings.one === null && settings.planFile === null ? settings.hands : 1);
    if (settings.planFile !== null) {
      return await liveShown(crew, JSON.parse(await readFile(settings.planFile, 'utf8')) as Plan);
    }
    if (settings.one !== null) return await liveShown(crew, planOf(settings.one));
    const tally = newTally();
    const holds = await liveMany(crew, settings, tally);
    console.log(`\n${tableOf(tally.sum())}`);
    if (settings.page !== null) await writeFile(settings.page, pageOf(tally.sum(), settings.first));
    const missed = unreached(tally.sum());
    if (missed.length > 0) console.log(`no seed came to: ${missed.join('; ')}`);
    return holds && missed.length === 0;
  } finally {
    await ground.close();
  }
}

let settings: Settings;
try {
  settings = readSettings();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
}
process.exit((await run(settings)) ? 0 : 1);
