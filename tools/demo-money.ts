/**
 * `npm run demo:money`: purchases through the provider sandbox with all its faults, refunds and cash sales among them, while
 * API, worker and sandbox are killed with -9 and started again. It ends with a table of what became of every purchase, by the
 * provider's order book against our payments, refunds and ledger, and with exit code 0 only if nothing went astray.
 *
 * `npm run demo:money -- --purchases 100 --seed 7 [--kills 12] [--fault-rate 0.25] [--concurrency 24] [--database URL]`. The
 * database must be one of its own; without it one is started, and everything is removed if all is well.
 */
import { parseArgs } from 'node:util';
import { reasonOf, runMoney } from './demo/money/run.ts';

const USAGE =
  'npm run demo:money -- [--purchases 1000] [--seed N] [--kills N] [--fault-rate 0.25] [--concurrency 24] [--database URL]';

/** @throws Error in words when an option is unknown or no number of its kind. */
function readSettings() {
  const { values } = parseArgs({
    options: {
      purchases: { type: 'string', default: '1000' },
      concurrency: { type: 'string', default: '24' },
      kills: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      'fault-rate': { type: 'string', default: '0.25' },
      database: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const whole = (name: string, text: string, least: number): number => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
    throw new Error(`--${name} is a whole number from ${least} on, not ${text}`);
  };
  const purchases = whole('purchases', values.purchases, 1);
  const faultRate = Number(values['fault-rate']);
  if (!(faultRate >= 0 && faultRate <= 1)) throw new Error('--fault-rate is a number from 0 to 1');
  return {
    isHelp: values.help,
    purchases,
    concurrency: whole('concurrency', values.concurrency, 1),
    kills: whole('kills', values.kills ?? String(Math.max(3, Math.round(purchases / 40))), 0),
    seed: whole('seed', values.seed, 0),
    faultRate,
    databaseUrl: values.database ?? null,
  };
}

function settingsOrEnd(): ReturnType<typeof readSettings> {
  try {
    const settings = readSettings();
    if (!settings.isHelp) return settings;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const run = settingsOrEnd();
console.log(
  `${run.purchases} purchases, ${run.kills} kills, faults for ${run.faultRate * 100} % of the orders at each moment, seed ${run.seed}`,
);
const startedAt = Date.now();
try {
  const isWell = await runMoney(run, (line) => console.log(line));
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(0)} s, seed ${run.seed}`);
  process.exit(isWell ? 0 : 1);
} catch (error) {
  console.error(`The demo failed with seed ${run.seed}. ${reasonOf(error)}`);
  process.exit(1);
}
