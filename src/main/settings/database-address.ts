import { inUrl } from './kinds.ts';
import type { Given } from './sources.ts';
import type { SettingName, Values } from './table.ts';

const PARTS = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'] as const;
const NEEDED = ['DB_HOST', 'DB_NAME', 'DB_USER'] as const;

/** The database as one address, given as such or in parts; null when there is none. No fault repeats a value. */
export function databaseAddress(
  values: Values,
  given: ReadonlyMap<SettingName, Given>,
  faults: string[],
): string | null {
  const parts = PARTS.filter((name) => given.has(name));
  if (given.has('DATABASE_URL')) {
    if (parts.length > 0) faults.push(`DATABASE_URL and ${parts.join(', ')} are both set; keep one`);
    return values.DATABASE_URL;
  }
  if (parts.length === 0) return null;
  const missing = NEEDED.filter((name) => !given.has(name));
  for (const name of missing) faults.push(`${name} is missing: ${parts.join(', ')} need it`);
  const host = values.DB_HOST;
  if (host === null) return null;
  const isSocket = host.startsWith('/');
  const built = new URL(`postgres://${isSocket ? 'localhost' : inUrl(host)}:${values.DB_PORT}`);
  built.pathname = values.DB_NAME ?? '';
  built.username = encodeURIComponent(values.DB_USER ?? '');
  built.password = encodeURIComponent(values.DB_PASSWORD ?? '');
  if (isSocket) built.searchParams.set('host', host);
  return built.href;
}
