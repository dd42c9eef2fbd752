import { runProcess } from './process.ts';
import { startProduct } from './product.ts';
import { welcome } from './welcome.ts';

// The whole product in one process.
await runProcess(async (config, log) => {
  const product = await startProduct(config, log);
  process.stdout.write(welcome({ config, ...product }));
  return product;
});
