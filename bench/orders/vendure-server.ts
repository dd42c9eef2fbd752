import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../harness/installed.ts';
import { answerQuestions } from '../harness/worker.ts';
import type { Listening } from '../buy/echo-server.ts';
import { PRODUCTS, SHOP } from './vendure-shop.ts';

export type VendureQuestion = { readonly folder: string; readonly url: string };

type Bootstrapped = { close(): Promise<void> };

/** As much of the package as is used here. */
type Vendure = {
  readonly bootstrap: (config: object) => Promise<Bootstrapped>;
  readonly dummyPaymentHandler: object;
  readonly DefaultLogger: new (options: { readonly level: number }) => object;
};
type VendureTools = {
  readonly populate: (
    bootstrap: () => Promise<Bootstrapped>,
    shop: object,
    productsFile: string,
  ) => Promise<Bootstrapped>;
};

const LOG_NOTHING_BUT_ERRORS = 0;

// One process of the peer, as its own guide starts it: with its tables made and its shop filled.
answerQuestions<VendureQuestion, Listening>(async ({ folder, url }) => {
  process.chdir(folder);
  const ofPeer = createRequire(join(folder, 'package.json'));
  const { bootstrap, dummyPaymentHandler, DefaultLogger } = ofPeer('@vendure/core') as Vendure;
  const { populate } = ofPeer('@vendure/core/cli') as VendureTools;
  const port = await freePort();
  const config = (synchronize: boolean) => ({
    apiOptions: { port, hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
      tokenMethod: 'cookie',
      superadminCredentials: { identifier: 'bench', password: 'bench' },
      cookieOptions: { secret: 'bench' },
    },
    dbConnectionOptions: { type: 'postgres', url, synchronize, logging: false },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    logger: new DefaultLogger({ level: LOG_NOTHING_BUT_ERRORS }),
    importExportOptions: { importAssetsDir: folder },
    plugins: [],
  });
  const products = join(folder, 'products.csv');
  await writeFile(products, PRODUCTS);
  const filled = await populate(() => bootstrap(config(true)), SHOP, products);
  await filled.close();
  await bootstrap(config(false));
  return { port };
});
