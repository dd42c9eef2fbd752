import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';

/** An account the server runs under because PostgreSQL refuses to run as root. */
export type Account = { readonly uid: number; readonly gid: number };

/** Bits of one class (owner, group or others) of a file mode. */
export const READ = 4;
export const EXECUTE = 1;

const PREFERRED_NAMES = ['nobody', 'postgres', 'daemon'];

type PasswdEntry = Account & { readonly name: string };

function parsePasswd(text: string): PasswdEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uidText, gidText] = line.split(':');
    const [uid, gid] = [Number(uidText), Number(gidText)];
    const usable = name !== undefined && Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 && gid > 0;
    return usable ? [{ name, uid, gid }] : [];
  });
}

/** Picks an unprivileged account out of the text of /etc/passwd: initdb insists on an entry there. */
export function chooseAccount(passwd: string): Account | null {
  const entries = parsePasswd(passwd);
  const preferred = PREFERRED_NAMES.flatMap((name) => entries.filter((entry) => entry.name === name));
  const chosen = preferred[0] ?? entries[0];
  return chosen === undefined ? null : { uid: chosen.uid, gid: chosen.gid };
}

/** The account to run under, or null when the current user is not root and simply runs the server itself. */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const account = chooseAccount(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  if (account !== null) return account;
  throw new EmbeddedPostgresError(
    'unsupported_platform',
    'PostgreSQL does not run as root and /etc/passwd names no other account: add one, or set DATABASE_URL.',
  );
}

/** Whether `account` has every permission bit of `wanted` on one file or directory, by the classic mode bits. */
async function hasBits(path: string, account: Account, wanted: number): Promise<boolean> {
  const { uid, gid, mode } = await stat(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

/** Whether `account` can walk down to `path` and then has the bits of `wanted` on it. Null is the current user: yes. */
export async function canReach(path: string, account: Account | null, wanted: number): Promise<boolean> {
  if (account === null) return true;
  const real = await realpath(path);
  if (!(await hasBits(real, account, wanted))) return false;
  for (let child = real, parent = dirname(real); parent !== child; child = parent, parent = dirname(parent)) {
    if (!(await hasBits(parent, account, EXECUTE))) return false;
  }
  return true;
}
