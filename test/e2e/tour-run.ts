import { expect, onTestFinished } from 'vitest';
import { startProduct } from '../../src/main/product.ts';
import { takeTour } from '../../tools/demo/tour/take-tour.ts';
import { createTestDatabase } from '../support/database.ts';
import { configOf, localSettings, loggerOf, temporaryDataDir } from '../support/product.ts';
import { patience } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

/**
 * Takes the tour of the demo so often on the same data: every capability is as it should be, and then every rule holds.
 * @returns how many there are
 */
export async function takeTours(times: number): Promise<number> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const dataDir = await temporaryDataDir();
  const config = configOf(await localSettings(dataDir, { DATABASE_URL: database.url }));
  const product = await startProduct(config, loggerOf(config));
  onTestFinished(() => product.stop());
  const where = { baseUrl: config.publicUrl, dataDir, patience };
  const all: (readonly string[])[] = [];
  for (let time = 0; time < times; time += 1) {
    const lines: string[] = [];
    expect(await takeTour(where, (line) => lines.push(line))).toBe(lines.length);
    expect(new Set(lines).size).toBe(lines.length);
    all.push(lines);
  }
  expect(all).toEqual(all.map(() => all[0]));
  await expectRulesToHold(database.url);
  return all[0]?.length ?? 0;
}
