import { DatabaseError, escapeIdentifier } from 'pg';
import { sqlState } from './errors.ts';
import { statement } from './session.ts';
import type { Session } from './session.ts';

/** The role the program works under: it may do what migrations grant and nothing else. */
export const APP_ROLE = 'skypark_app';

/** What a race with another database of the same cluster looks like, for roles belong to the whole cluster. */
const RACES: ReadonlySet<string> = new Set([
  sqlState.duplicateObject,
  sqlState.uniqueViolation,
  sqlState.undefinedObject,
  sqlState.internalError, // "tuple concurrently updated"
]);
const ATTEMPTS = 5;

const EXISTS = statement('postgres.role_exists', 'select exists (select from pg_roles where rolname = $1) as found');

const codeOf = (error: unknown): string => (error instanceof DatabaseError ? (error.code ?? '') : '');

/** Whether the current user can take on the role. Trying it is the only test right on all versions and for superusers. */
export async function canSetRole(session: Session, role: string): Promise<boolean> {
  try {
    await session.run(`begin; set local role ${escapeIdentifier(role)}; rollback`);
    return true;
  } catch (error) {
    await session.run('rollback');
    const code = codeOf(error);
    // The server answers "does not exist" or "permission denied to set role".
    if (code === '22023' || code === sqlState.undefinedObject || code === sqlState.insufficientPrivilege) return false;
    throw error;
  }
}

async function createOrGrant(session: Session, role: string): Promise<void> {
  const name = escapeIdentifier(role);
  const [answer] = await session.rows<{ found: boolean }>(EXISTS, [role]);
  if (answer?.found !== true) await session.run(`create role ${name} nologin`);
  if (!(await canSetRole(session, role))) await session.run(`grant ${name} to current_user`);
}

/**
 * Creates the role, without login, and grants it to the current user as far as that is missing and allowed. Safe when
 * several databases of one cluster do it at once.
 * @returns whether the current user can `SET ROLE` to it; false is for the caller to judge.
 */
export async function ensureRole(session: Session, role: string): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (await canSetRole(session, role)) return true;
    try {
      await createOrGrant(session, role);
    } catch (error) {
      const code = codeOf(error);
      if (code === sqlState.insufficientPrivilege) return false;
      if (!RACES.has(code) || attempt === ATTEMPTS) throw error;
    }
  }
  return canSetRole(session, role);
}
