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

const { values } = parseArgs({
  options: {
    purchases: { type: 'string', default: '1000' },
    concurrency: { type: 'string', default: '24' },
    kills: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'fault-rate': { type: 'string', default: '0.25' },
    database: { type: 'string' },
  },
});
const purchases = Number(values.purchases);
const run = {
  purchases,
  concurrency: Number(values.concurrency),
  kills: Number(values.kills ?? Math.max(3, Math.round(purchases / 40))),
  seed: Number(values.seed),
  faultRate: Number(values['fault-rate']),
  databaseUrl: values.database ?? null,
};
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
