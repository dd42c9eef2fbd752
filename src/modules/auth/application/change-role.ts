import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { registerOf, staff, type RoleOfUser } from '../domain/staff.ts';
import type { Accounts } from './accounts.ts';
import type { Roles } from './roles.ts';
import type { SessionWatch } from './session-watch.ts';

export type ChangeRole = (
  role: RoleOfUser,
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'user_not_found' | 'last_admin' }>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly roles: Pick<Roles, 'noteChange'>;
  readonly watch: SessionWatch;
  readonly clock: Clock;
};

/** The stream in which a role of an account is kept. */
export const staffStream = (ids: Ids, ...[role, userId]: Parameters<typeof registerOf>): string =>
  ids.derive(`staff:${registerOf(role, userId)}`);

/**
 * Gives an account a role or takes it away; either is harmless when it is so already. Acts within seconds everywhere. For
 * whoever sets an installation up and knows whose the account is: no proof of its number is asked for.
 */
export function createChangeRole(kind: 'grant' | 'revoke', dependencies: Dependencies): ChangeRole {
  const { runner, ids, accounts, roles, watch, clock } = dependencies;
  return async (role, meta) => {
    // What was erased may still lose its roles.
    if (kind === 'grant' && (await accounts.profile(role.userId)) === null) return refuse({ code: 'user_not_found' });
    await roles.noteChange(role.userId, clock.now());
    const done = await runner.run(staff, staffStream(ids, role.role, role.userId), { kind, ...role }, meta);
    if (!done.ok) return refuse(only(['last_admin'], done.refusal));
    watch.expire();
    return ok(null);
  };
}
