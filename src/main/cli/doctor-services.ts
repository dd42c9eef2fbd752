import { randomUUID } from 'node:crypto';
import { connectRedis } from '../../infrastructure/redis/connect-redis.ts';
import { openDeadLetters } from '../../infrastructure/rabbitmq/dead-letters.ts';
import type { Config } from '../config.ts';
import { brokerPrefix } from '../event-broker.ts';
import { openFileStore } from '../file-store.ts';
import { bad, finished, good, type CheckUp } from './check-up.ts';

const PROVIDER_LIMIT_MS = 5000;
const READY_LIMIT_MS = 3000;

async function redis(url: string) {
  let lost: unknown;
  const connection = connectRedis(url, 'skypark-doctor', (error) => (lost = error));
  try {
    await Promise.race([
      new Promise((resolve) => connection.redis.once('ready', resolve)),
      new Promise((_resolve, reject) => {
        setTimeout(() => reject(lost instanceof Error ? lost : new Error('not reached')), READY_LIMIT_MS);
      }),
    ]);
    await connection.redis.ping();
    return good('answers');
  } finally {
    connection.close();
  }
}

async function rabbitmq(url: string, prefix: string) {
  const letters = await openDeadLetters(url, prefix);
  await letters.close();
  return good('takes connections');
}

/** A file goes there, comes back and is gone. */
async function fileStore(config: Config) {
  const store = openFileStore(config);
  const key = `doctor/${randomUUID()}`;
  const bytes = Buffer.from(key);
  await store.put(key, bytes);
  const back = await store.get(key);
  await store.delete(key);
  if (back === null || !bytes.equals(back)) return bad('gives back another file than it got', 'do not use it');
  if ((await store.get(key)) !== null) return bad('keeps a file that was deleted', 'look into its rules for versions');
  return good(
    `${config.s3 === null ? 'a folder' : `bucket ${config.s3.bucket}`}: a file was written, read and deleted`,
  );
}

async function provider(name: string, url: string) {
  // Any answer will do: it is there.
  const { status } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROVIDER_LIMIT_MS) });
  return good(`${name} answers at ${url} (${status})`);
}

/** Everything outside but the database, each on its own; what is not configured is not asked. */
export async function serviceCheckUps(config: Config): Promise<readonly CheckUp[]> {
  const { redisUrl, rabbitmqUrl, elqr, elcard, fiscal } = config;
  const checks: Promise<CheckUp>[] = [];
  if (redisUrl !== null) {
    const mend = 'start it, correct REDIS_URL, or take it away: each process counts limits by itself meanwhile';
    checks.push(finished('redis', () => redis(redisUrl), { state: 'poor', mend }));
  }
  if (rabbitmqUrl !== null) {
    const mend = 'start it, correct RABBITMQ_URL, or take it away: events come from the log meanwhile';
    checks.push(finished('rabbitmq', () => rabbitmq(rabbitmqUrl, brokerPrefix(config)), { state: 'poor', mend }));
  }
  checks.push(
    finished('file store', () => fileStore(config), {
      state: 'bad',
      mend: config.s3 === null ? 'give this program its data directory' : 'start the service, or correct S3_*',
    }),
  );
  for (const [name, url] of Object.entries({ ELQR: elqr.baseUrl, ElCard: elcard.baseUrl })) {
    const mend = `ask the provider, or correct ${name.toUpperCase()}_BASE_URL: nobody can pay by it meanwhile`;
    if (url !== null) checks.push(finished(`provider ${name}`, () => provider(name, url), { state: 'poor', mend }));
  }
  if (fiscal !== null) {
    const mend = 'ask its operator, or correct FISCAL_*: receipts wait meanwhile, and nothing else does';
    checks.push(finished('fiscal register', () => provider('the register', fiscal.baseUrl), { state: 'poor', mend }));
  }
  return Promise.all(checks);
}
