import { expect, onTestFinished, test } from 'vitest';
import { startProduct } from '../../src/main/product.ts';
import { takeTour } from '../../tools/demo/tour/take-tour.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, loggerOf, temporaryDataDir } from '../support/product.ts';
import { patience } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

describeWithDatabase('the tour of the demo', () => {
  test('finds every capability as it should be, twice on the same data, and then every rule holds', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const dataDir = await temporaryDataDir();
    const config = configOf(await localSettings(dataDir, { DATABASE_URL: database.url }));
    const product = await startProduct(config, loggerOf(config));
    onTestFinished(() => product.stop());
    const where = { baseUrl: config.publicUrl, dataDir, patience };
    const lines: string[] = [];
    const count = await takeTour(where, (line) => lines.push(line));
    expect(lines).toHaveLength(count);
    expect(new Set(lines).size).toBe(count);
    expect(await takeTour(where, () => undefined)).toBe(count);
    await expectRulesToHold(database.url);
  }, 240_000);
});
