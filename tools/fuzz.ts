/**
 * `npm run fuzz -- [--requests 100000] [--seed 7]`: sends requests made of the OpenAPI document to a product of its own, mostly good
 * ones and good ones with something hostile in them, and says how many of each status came, which were slowest, and what was wrong.
 * Ends with exit code 0 only if nothing failed, hung or broke a rule. The same seed makes the same requests.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
for (const [name, text] of Object.entries(values)) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} is a whole number from 1 on, not ${text}`);
}
const child = spawn('npx', ['vitest', 'run', '--project', 'verify', 'test/fuzz'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    FUZZ_REQUESTS: values.requests,
    ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }),
  },
});
child.once('exit', (code) => (process.exitCode = code ?? 1));
