import { startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import { quick } from './embedded-postgres.ts';

const [dataDir = '', packageDir = '', sharedDir = '', uid = ''] = process.argv.slice(2);
if (uid !== '') {
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
const server = await startEmbeddedPostgres({
  ...quick,
  dataDir,
  ...(packageDir === '' ? {} : { packageDir }),
  ...(sharedDir === '' ? {} : { sharedDir }),
});
process.stdout.write(`${server.url}\n`);
setInterval(() => undefined, 60_000);
