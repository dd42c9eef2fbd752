import { step, type CommandMeta, type CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { staff, type StaffRefusal, type StaffRoleAtPark } from '../domain/staff.ts';
import type { Accounts } from './accounts.ts';
import { staffStream } from './change-role.ts';
import type { ParkExists } from './park-exists.ts';
import type { Roles } from './roles.ts';
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
  /** Whether the account may be taken for that of whoever has its number. Once it may, it may for ever. */
  readonly mayBeTrusted: (userId: string) => Promise<boolean>;
  readonly roles: Pick<Roles, 'noteChange'>;
  readonly watch: SessionWatch;
  readonly clock: Clock;
};

/**
 * Anybody can open an account under any number, so whoever an admin knows by a number may not be who has the account: new
 * roles go to accounts that proved their number.
 */
export function createSetRoles(dependencies: Dependencies): SetRoles {
  const { runner, ids, accounts, parkExists, mayBeTrusted, watch, clock } = dependencies;
  const { roles: rolesKept } = dependencies;
  return async (userId, roles, meta) => {
    // What was erased may still lose its roles.
    if (roles.length > 0 && (await accounts.profile(userId)) === null) return refuse({ code: 'user_not_found' });
    const parkIds = new Set(roles.flatMap(({ parkId }) => (parkId === null ? [] : [parkId])));
    for (const parkId of parkIds) if (!(await parkExists(parkId))) return refuse({ code: 'no_such_park', parkId });

    const isAdmin = ({ role }: StaffRoleAtPark): boolean => role === 'admin';
    const mayGain = await mayBeTrusted(userId);
    const admin = { kind: 'set', userId, mayGain, roles: roles.filter(isAdmin) } as const;
    const others = { kind: 'set', userId, mayGain, roles: roles.filter((role) => !isAdmin(role)) } as const;
    const steps = [
      step(staff, staffStream(ids, 'admin', userId), admin),
      step(staff, staffStream(ids, 'gate', userId), others),
    ];
    await rolesKept.noteChange(userId, clock.now());
    // One change, by which all of it is told of once.
    const done = await runner.runAll(steps, { ...meta, causationId: ids.next() });
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    watch.expire();
    return ok(null);
  };
}
