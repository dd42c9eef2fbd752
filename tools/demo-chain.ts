/**
 * `npm run demo:chain`: headquarters and two parks on this machine, each with a database of its own. The cable of one park is
 * pulled; both sides go on selling and letting in; the cable is put back; and every node ends with the same.
 *
 * `npm run demo:chain -- --tickets 20 --capacity 120`. It ends with exit code 0 only if nothing was oversold, nothing lost, and
 * all agree.
 */
import { parseArgs } from 'node:util';
import { runChainDemo } from './demo/chain/run.ts';

const { values } = parseArgs({
  options: { tickets: { type: 'string', default: '20' }, capacity: { type: 'string', default: '120' } },
});
const whole = (text: string, least: number): number => {
  if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
  console.error(`npm run demo:chain -- [--tickets ${least} or more] [--capacity 60 or more]`);
  process.exit(2);
};
const startedAt = Date.now();
try {
  await runChainDemo({
    tickets: whole(values.tickets, 4),
    capacity: whole(values.capacity, 60),
    tell: (line) => console.log(line),
  });
  console.log(`All nodes agree. ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
} catch (error) {
  console.error(`The demo failed. ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
