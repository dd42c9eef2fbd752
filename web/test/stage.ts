import type { Browser } from 'playwright-core';
import type { DemoAccounts } from '../../src/main/demo-seed.ts';
import { startProduct, type Product } from '../../src/main/product.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import {
  configOf,
  localSettings,
  loggerOf,
  temporaryDataDir,
  type CleanUp,
  type Settings,
} from '../../test/support/product.ts';
import { startBrowser } from './browser.ts';

export type Stage = {
  readonly product: Product;
  readonly accounts: DemoAccounts;
  readonly browser: Browser;
  /** Where the pages are: a name that browsers trust without a certificate. */
  readonly url: string;
};

/** The whole product with its demo parks and accounts, its pages, and a browser. For all tests of a file. */
export async function openStage(
  later: CleanUp,
  { settings = {}, browserArgs = [] }: { readonly settings?: Settings; readonly browserArgs?: readonly string[] } = {},
): Promise<Stage> {
  const database = await createTestDatabase();
  later(() => database.drop());
  const dataDir = await temporaryDataDir(later);
  const local = await localSettings(dataDir, { DATABASE_URL: database.url });
  const url = `http://localhost:${local['PORT']}`;
  const config = configOf({ ...local, PUBLIC_URL: url, ...settings });
  const product = await startProduct(config, loggerOf(config));
  later(() => product.stop());
  if (product.accounts === null) throw new Error('the product has no demo accounts');
  const browser = await startBrowser(browserArgs);
  later(() => browser.close());
  return { product, accounts: product.accounts, browser, url };
}
