import { BrokenInvariant } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { staff, type StaffRefusal, type StaffRoleAtPark } from '../domain/staff.ts';
import type { Accounts } from './accounts.ts';
import { staffStream } from './change-role.ts';
import type { ParkExists } from './park-exists.ts';
import type { SessionWatch } from './session-watch.ts';

export type SetRolesRefusal =
  { readonly code: 'user_not_found' } | { readonly code: 'no_such_park'; readonly parkId: string } | StaffRefusal;

/** Makes these the roles of an account, and no others. */
export type SetRoles = (
  userId: string,
  roles: readonly StaffRoleAtPark[],
  meta: CommandMeta,
) => Promise<Result<null, SetRolesRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly parkExists: ParkExists;
  readonly watch: SessionWatch;
};

export function createSetRoles({ runner, ids, accounts, parkExists, watch }: Dependencies): SetRoles {
  return async (userId, roles, meta) => {
    // What was erased may still lose its roles.
    if (roles.length > 0 && (await accounts.profile(userId)) === null) return refuse({ code: 'user_not_found' });
    const parkIds = new Set(roles.flatMap(({ parkId }) => (parkId === null ? [] : [parkId])));
    for (const parkId of parkIds) if (!(await parkExists(parkId))) return refuse({ code: 'no_such_park', parkId });

    const isAdmin = ({ role }: StaffRoleAtPark): boolean => role === 'admin';
    const admin = { kind: 'set', userId, roles: roles.filter(isAdmin) } as const;
    const others = { kind: 'set', userId, roles: roles.filter((role) => !isAdmin(role)) } as const;
    const steps = [
      step(staff, staffStream(ids, 'admin', userId), admin),
      step(staff, staffStream(ids, 'gate', userId), others),
    ];
    const done = await runner.runAll(steps, meta);
    if (!done.ok) {
      if (done.refusal.code === 'last_admin') return refuse(done.refusal);
      throw new BrokenInvariant(`a change of roles cannot be refused as ${done.refusal.code}`);
    }
    watch.expire();
    return ok(null);
  };
}
