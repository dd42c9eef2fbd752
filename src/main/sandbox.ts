import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { ensureKeyPair } from '../infrastructure/payment-providers/key-pair.ts';
import { SANDBOX_BAKAI } from '../infrastructure/provider-sandbox/bakai-routes.ts';
import { startProviderSandbox } from '../infrastructure/provider-sandbox/start-sandbox.ts';
import { sandboxElqrLink } from './elqr-links.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8090' },
    'webhook-base': { type: 'string', default: 'http://127.0.0.1:8080/api/v1/payments/webhooks' },
    'data-dir': { type: 'string', default: process.env['SKYPARK_DATA_DIR'] ?? '.skypark' },
  },
});
const dataDir = resolve(values['data-dir']);
// The merchant's side calls the same function on the same file: whoever comes first makes the keys.
const merchant = await ensureKeyPair(join(dataDir, 'keys', 'elqr-merchant.pem'));
const log = pino({ name: 'provider-sandbox' });
const sandbox = await startProviderSandbox({
  port: Number(values.port),
  dataDir: join(dataDir, 'provider-sandbox'),
  merchantPublicKeyPem: merchant.publicKeyPem,
  mode: process.env['SKYPARK_MODE'] === 'production' ? 'production' : 'demo',
  linkOf: sandboxElqrLink,
  bakaiWebhookUrl: `${values['webhook-base']}/elqr/${SANDBOX_BAKAI.webhookSecret}`,
  clock: { now: () => Date.now() },
  log,
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
}
log.info({ url: sandbox.url }, 'the provider sandbox listens');
