/** `npm run check`: every check that needs no running product, two at a time; all of them run even when one fails. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Longest first, so that the last one to start is a short one. Each is an npm script and can be run alone. */
const steps = [
  'check:tidy',
  'check:openapi',
  'check:docs',
  'check:schema',
  'check:formats',
  'check:types',
  'check:lint',
  'check:dead',
  'check:doors',
  'check:migrations',
  'check:lock',
  'check:supply',
];

type Outcome = { readonly step: string; readonly passed: boolean; readonly seconds: string };

function runStep(step: string): Promise<Outcome> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', step], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      const passed = error === null;
      console.log(`${passed ? 'ok  ' : 'FAIL'} ${step} (${seconds} s)`);
      if (!passed) console.log(`${stdout}${stderr}`.trimEnd());
      resolve({ step, passed, seconds });
    });
  });
}

async function runFrom(queue: string[], outcomes: Outcome[]): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) outcomes.push(await runStep(step));
}

const queue = [...steps];
const outcomes: Outcome[] = [];
const lanes = Math.min(2, availableParallelism());
await Promise.all(Array.from({ length: lanes }, () => runFrom(queue, outcomes)));

const failed = outcomes.filter(({ passed }) => !passed).map(({ step }) => step);
console.log(failed.length === 0 ? `\nAll ${outcomes.length} checks passed.` : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
