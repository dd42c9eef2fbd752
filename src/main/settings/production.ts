import { isLoopback } from './kinds.ts';
import type { Given } from './sources.ts';
import type { SettingName, Values } from './table.ts';

const NEEDED = ['JWT_PRIVATE_KEY_FILE', 'ADMISSION_KEY_FILE', 'MASTER_KEY_FILE', 'METRICS_TOKEN'] as const;
const ELQR = ['ELQR_BASE_URL', 'ELQR_API_KEY', 'ELQR_ACCOUNT_ID'] as const;
const OF_PROFILE = {
  'finik-v1': ['ELQR_SIGNING_KEY_FILE', 'ELQR_WEBHOOK_PUBLIC_KEY_FILE'],
  'bakai-v1': ['ELQR_WEBHOOK_SECRET'],
} as const;
const ELCARD = ['ELCARD_BASE_URL', 'ELCARD_CLIENT_ID', 'ELCARD_CLIENT_SECRET'] as const;

const isPlain = (address: string | null): boolean => address?.startsWith('http:') ?? false;

/** A park takes no money over the network, and signs what it tells headquarters. */
const neededBy = (values: Values): readonly SettingName[] =>
  values.SKYPARK_ROLE === 'park'
    ? [...NEEDED, 'NODE_KEY_FILE']
    : [...NEEDED, ...ELQR, ...OF_PROFILE[values.ELQR_WIRE_PROFILE]];

/** In production nothing has an insecure default. What is given but no good is told elsewhere. */
export function missingInProduction(values: Values, given: ReadonlyMap<SettingName, Given>): readonly string[] {
  const missing = neededBy(values)
    .filter((name) => !given.has(name))
    .map((name) => `production needs ${name}`);
  if (!given.has('DATABASE_URL') && !given.has('DB_HOST')) {
    missing.unshift('production needs DATABASE_URL (or DB_HOST, DB_NAME, DB_USER, DB_PASSWORD)');
  }
  if (isLoopback(values.PUBLIC_URL) || isPlain(values.PUBLIC_URL)) {
    missing.push('production needs PUBLIC_URL: the https address at which guests and providers reach it');
  }
  if (isPlain(values.SKYPARK_HQ_URL)) missing.push('production needs an https SKYPARK_HQ_URL');
  if (isPlain(values.ELQR_BASE_URL)) missing.push('production needs an https ELQR_BASE_URL');
  const elcard = ELCARD.filter((name) => given.has(name));
  if (elcard.length > 0 && elcard.length < ELCARD.length) {
    missing.push('production needs all of ELCARD_BASE_URL, ELCARD_CLIENT_ID and ELCARD_CLIENT_SECRET, or none');
  }
  if (isPlain(values.ELCARD_BASE_URL)) missing.push('production needs an https ELCARD_BASE_URL');
  if (isPlain(values.FISCAL_BASE_URL)) missing.push('production needs an https FISCAL_BASE_URL');
  if (isPlain(values.SMS_BASE_URL)) missing.push('production needs an https SMS_BASE_URL');
  return missing;
}
