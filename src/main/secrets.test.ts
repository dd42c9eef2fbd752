import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../infrastructure/clock.ts';
import { canonicalJson } from '../infrastructure/payment-providers/finik/canonical-json.ts';
import { readPrivateKey, signRequest } from '../infrastructure/payment-providers/finik/signature.ts';
import { loadConfig } from './config.ts';
import { createPaymentProviders } from './payment-providers.ts';

const rsaPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

test('webhooks of the old and of the new key of a provider are good while both are configured', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [older, newer] = [rsaPair(), rsaPair()];
  const [olderFile, newerFile] = [join(folder, 'older.pem'), join(folder, 'newer.pem')];
  await Promise.all([writeFile(olderFile, older.publicKey), writeFile(newerFile, newer.publicKey)]);

  const silent = () => () => undefined;
  const ways = { http: fetch, watchBreaker: silent, watchCalls: silent };

  /** What the product says to a webhook of each key. */
  async function verdicts(files: Record<string, string>): Promise<readonly string[]> {
    const config = loadConfig({ SKYPARK_DATA_DIR: folder, ...files });
    const elqr = (await createPaymentProviders(config, systemClock, ways)).get('elqr');
    const url = new URL(`${config.publicUrl}/api/v1/payments/webhooks/elqr`);
    const body = canonicalJson({ id: 'event', accountId: 'sky-park-demo' });
    const nowMs = systemClock.now();
    const signedWith = async (privateKey: string): Promise<string> => {
      const headers = { 'x-api-timestamp': String(nowMs) };
      const signature = await signRequest({ method: 'POST', url, headers, body }, readPrivateKey(privateKey));
      const parsed = elqr?.parseWebhook({ rawBody: Buffer.from(body), headers: { ...headers, signature }, nowMs });
      // The body is no notice, which is only looked at behind a good signature.
      return parsed?.ok === false && parsed.refusal.code === 'malformed' ? 'signed' : 'not signed';
    };
    return Promise.all([older, newer, rsaPair()].map(({ privateKey }) => signedWith(privateKey)));
  }

  const key = 'ELQR_WEBHOOK_PUBLIC_KEY_FILE';
  const others = 'ELQR_WEBHOOK_OTHER_KEY_FILES';
  expect(await verdicts({ [key]: olderFile })).toEqual(['signed', 'not signed', 'not signed']);
  expect(await verdicts({ [key]: olderFile, [others]: newerFile })).toEqual(['signed', 'signed', 'not signed']);
  expect(await verdicts({ [key]: newerFile, [others]: olderFile })).toEqual(['signed', 'signed', 'not signed']);
  expect(await verdicts({ [key]: newerFile })).toEqual(['not signed', 'signed', 'not signed']);
});
