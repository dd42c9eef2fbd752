import { runProcess } from './process.ts';
import { startProduct } from './product.ts';
import { startSandboxProcess } from './sandbox-process.ts';
import { welcome } from './welcome.ts';

// The whole product in one process, and the provider sandbox beside it in its own.
await runProcess(async (config, log) => {
  if (config.node.role === 'park') throw new Error('The node of a park is started by: npm run park-node');
  const product = await startProduct(config, log, startSandboxProcess);
  process.stdout.write(welcome({ config, ...product }));
  return product;
});
