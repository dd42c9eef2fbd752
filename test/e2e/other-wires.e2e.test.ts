import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProduct } from '../../src/main/product.ts';
import { bodyOf, eventually } from '../../tools/demo/answered.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, loggerOf, temporaryDataDir } from '../support/product.ts';
import { newGuest, openSmallPark, order, ticketOf, patience, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const PARK = 'small';

/** Begins to pay, and is the payer. */
async function pay({ session }: Guest, ticketId: string, method: 'elqr' | 'elcard') {
  const started = await session.client.POST('/api/v1/payments', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: { ticket_id: ticketId, method },
  });
  const { id, action } = bodyOf('payment', 201, started);
  expect((await fetch(`${action?.url}/pay`, { method: 'POST' })).status).toBe(204);
  return id;
}

describeWithDatabase('the product with ELQR by bakai-v1 and ElCard by login', () => {
  test('sells by both against its sandbox, and goes on with its token after a restart', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const dataDir = await temporaryDataDir();
    const wires = { ELQR_WIRE_PROFILE: 'bakai-v1', ELQR_ORDER_FORM: 'qr', ELCARD_AUTH_MODE: 'login' };
    const settings = await localSettings(dataDir, { DATABASE_URL: database.url, ...wires });
    const config = configOf(settings);
    const date = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const tokens = new Set<string>();
    for (let start = 1; start <= 2; start += 1) {
      const product = await startProduct(config, loggerOf(config));
      if (start === 1) await openSmallPark(product.app, PARK, 100);
      const guest = await newGuest(config.publicUrl);
      for (const method of start === 1 ? (['elqr', 'elcard'] as const) : (['elqr'] as const)) {
        const { id } = bodyOf('ticket', 201, await order(guest, { parkId: PARK, date }));
        await pay(guest, id, method);
        const isActive = async () => ((await ticketOf(guest, id)).status === 'active' ? id : null);
        await eventually('the ticket is active', patience.limitMs, isActive);
      }
      tokens.add(await readFile(join(dataDir, 'keys', 'elqr-bearer'), 'utf8'));
      await product.stop();
    }
    expect(tokens.size).toBe(1);
    await expectRulesToHold(database.url);
  }, 120_000);
});
