import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureKeyPair } from '../infrastructure/payment-providers/key-pair.ts';
import { systemClock } from '../infrastructure/clock.ts';
import { createLogger } from '../infrastructure/logging/logger.ts';
import { SANDBOX_BAKAI } from '../infrastructure/provider-sandbox/bakai-routes.ts';
import { isPlan } from '../infrastructure/provider-sandbox/faults.ts';
import { startProviderSandbox, USUAL_TIMES } from '../infrastructure/provider-sandbox/start-sandbox.ts';
import { sandboxElqrLink } from './elqr-links.ts';

// `npm run sandbox -- --fault-seed 7 --fault-rate 0.2`: so many orders meet a fault at each moment, the same ones for the same
// seed. Others are asked for over HTTP: see `faultRoutes`.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8090' },
    'elqr-webhook': { type: 'string', default: 'http://127.0.0.1:8080/api/v1/payments/webhooks/elqr' },
    'log-level': { type: 'string', default: 'info' },
    'fault-seed': { type: 'string', default: '1' },
    'fault-rate': { type: 'string', default: '0' },
    'silent-ms': { type: 'string', default: String(USUAL_TIMES.silentMs) },
    'slow-ms': { type: 'string', default: String(USUAL_TIMES.slowMs) },
    'data-dir': { type: 'string', default: process.env['SKYPARK_DATA_DIR'] ?? '.skypark' },
  },
});
const faultPlan = { seed: Number(values['fault-seed']), rate: Number(values['fault-rate']) };
if (!isPlan(faultPlan)) throw new Error('--fault-seed is a whole number, --fault-rate from 0 to 1');
const level = (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const).find(
  (known) => known === values['log-level'],
);
if (level === undefined) throw new Error(`--log-level cannot be ${values['log-level']}`);
const dataDir = resolve(values['data-dir']);
// The merchant's side calls the same function on the same file: whoever comes first makes the keys.
const merchant = await ensureKeyPair(join(dataDir, 'keys', 'elqr-merchant.pem'));
const log = createLogger({ level, fields: { node: 'provider-sandbox' } });
const sandbox = await startProviderSandbox({
  port: Number(values.port),
  dataDir: join(dataDir, 'provider-sandbox'),
  merchantPublicKeyPem: merchant.publicKeyPem,
  mode: process.env['SKYPARK_MODE'] === 'production' ? 'production' : 'demo',
  linkOf: sandboxElqrLink,
  bakaiWebhookUrl: `${values['elqr-webhook']}/${SANDBOX_BAKAI.webhookSecret}`,
  clock: systemClock,
  log,
  faultPlan: faultPlan.rate > 0 ? faultPlan : null,
  faultTimes: { silentMs: Number(values['silent-ms']), slowMs: Number(values['slow-ms']) },
});
const stop = (): void => void sandbox.stop().then(() => process.exit(0));
const isOwned = process.send !== undefined;
// Whoever started it as a part of the product still has payments to follow when both are told to stop: it says when.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, isOwned ? () => undefined : stop);
process.once('message', stop);
process.once('disconnect', () => process.exit(0));
log.info(`the provider sandbox listens at ${sandbox.url}`);
// Whoever started it may be gone already; then there is nobody to tell.
process.send?.(sandbox.url, () => undefined);
