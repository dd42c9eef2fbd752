import { SEARCH_PATH } from './connection-settings.ts';
import { statement } from './session.ts';
import type { Session } from './session.ts';

const OLDEST = 15;
const NEWEST = 18;

type Facts = {
  fsync: string;
  synchronous_commit: string;
  full_page_writes: string;
  version: number;
  encoding: string;
  standby: boolean;
  search_path: string;
};

const FACTS = statement(
  'postgres.durability',
  `select current_setting('fsync') as fsync,
          current_setting('synchronous_commit') as synchronous_commit,
          current_setting('full_page_writes') as full_page_writes,
          current_setting('server_version_num')::int as version,
          current_setting('server_encoding') as encoding,
          pg_is_in_recovery() as standby,
          replace(current_setting('search_path'), ' ', '') as search_path`,
);

/**
 * Reasons, in words, why an acknowledged fact could be lost or misread on this server; empty when there are none.
 * Asked at start: in production a fault stops it.
 */
export async function assertDurable(session: Session): Promise<readonly string[]> {
  const [facts] = await session.rows<Facts>(FACTS);
  if (facts === undefined) return ['the server did not describe itself'];
  const major = Math.floor(facts.version / 10_000);
  const searchPath = SEARCH_PATH.join(',');
  const checks: readonly (readonly [fine: boolean, fault: string])[] = [
    [facts.fsync === 'on', 'fsync is off: a power cut may lose or corrupt everything'],
    [facts.synchronous_commit !== 'off', 'synchronous_commit is off: a crash may lose acknowledged facts'],
    [facts.full_page_writes === 'on', 'full_page_writes is off: a power cut may corrupt pages'],
    [major >= OLDEST && major <= NEWEST, `the server is PostgreSQL ${major}, tested are ${OLDEST} to ${NEWEST}`],
    [facts.encoding === 'UTF8', `the database is encoded in ${facts.encoding}, not in UTF8`],
    [!facts.standby, 'the server is a read-only standby'],
    [
      facts.search_path === searchPath,
      `search_path is ${facts.search_path} instead of ${searchPath}: a pooler dropped the options of the connection`,
    ],
  ];
  return checks.filter(([fine]) => !fine).map(([, fault]) => fault);
}
