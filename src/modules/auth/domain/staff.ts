import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { RoleGranted, RoleRevoked } from '../contract.ts';

export type StaffRole = 'gate' | 'manager' | 'finance' | 'admin';

/** A role at one park, or at all parks when `parkId` is null. */
export type StaffRoleAtPark = { readonly role: StaffRole; readonly parkId: string | null };

/** A role of one account. */
export type RoleOfUser = StaffRoleAtPark & { readonly userId: string };

export type StaffEvent = RoleGranted | RoleRevoked;

export type StaffCommand =
  | ({ readonly kind: 'grant' | 'revoke' } & RoleOfUser)
  /**
   * Makes these the roles of the account in this register, and no others. `mayGain` is false for an account that may only
   * keep or lose roles, because nobody knows whose it is.
   */
  | {
      readonly kind: 'set';
      readonly userId: string;
      readonly roles: readonly StaffRoleAtPark[];
      readonly mayGain: boolean;
    }
  /** Takes every role from an account that was erased. It can use none, so it does not count as the last admin either. */
  | { readonly kind: 'close'; readonly userId: string };

/**
 * `last_admin`: somebody must be left who can give roles. `number_unproven`: the account may be of anybody who typed the
 * number, and gets none.
 */
export type StaffRefusal = { readonly code: 'last_admin' | 'number_unproven' };

/** The roles held, by a text that names account, role and park. */
export type StaffState = { readonly held: ReadonlyMap<string, RoleOfUser> };

/**
 * The register a role is kept in, for the id of its stream. All admins of the chain are in one, so that no two decisions
 * made at once can take the last of them away; of the other roles each account has a register of its own.
 */
export const registerOf = (role: StaffRole, userId: string): string => (role === 'admin' ? 'admins' : userId);

const keyOf = ({ userId, role, parkId }: RoleOfUser): string => `${userId} ${role}@${parkId ?? ''}`;

const byKey = (roles: readonly RoleOfUser[]): Map<string, RoleOfUser> =>
  new Map(roles.map((role) => [keyOf(role), role]));

/** The roles of the account after the command. */
function rolesAfter(command: StaffCommand, current: ReadonlyMap<string, RoleOfUser>): Map<string, RoleOfUser> {
  switch (command.kind) {
    case 'grant':
    case 'revoke': {
      const { kind, userId, role, parkId } = command;
      const others = [...current.values()].filter((held) => held.role !== role || held.parkId !== parkId);
      return byKey(kind === 'grant' ? [...others, { userId, role, parkId }] : others);
    }
    case 'close':
      return new Map();
    case 'set':
      return byKey(command.roles.map(({ role, parkId }) => ({ userId: command.userId, role, parkId })));
    default:
      return unreachable(command, 'staff command');
  }
}

function decide(command: StaffCommand, { held }: StaffState): Result<readonly StaffEvent[], StaffRefusal> {
  const current = byKey([...held.values()].filter(({ userId }) => userId === command.userId));
  const next = rolesAfter(command, current);
  const revoked = [...current.values()].filter((role) => !next.has(keyOf(role)));
  const granted = [...next.values()].filter((role) => !current.has(keyOf(role)));
  const takesAdmin = command.kind !== 'close' && revoked.some(({ role }) => role === 'admin');
  const adminsLeft = [...held.values()].filter(({ role, userId }) => role === 'admin' && userId !== command.userId);
  if (command.kind === 'set' && !command.mayGain && granted.length > 0) return refuse({ code: 'number_unproven' });
  if (takesAdmin && adminsLeft.length === 0) return refuse({ code: 'last_admin' });
  return ok([
    ...revoked.map((data): StaffEvent => ({ type: 'RoleRevoked', data })),
    ...granted.map((data): StaffEvent => ({ type: 'RoleGranted', data })),
  ]);
}

/** What accounts may do for the chain. A role granted twice or taken away twice is the same fact told again. */
export const staff: Decider<StaffCommand, StaffState, StaffEvent, StaffRefusal> = {
  aggregateType: 'Staff',
  initial: { held: new Map() },
  decide,
  evolve({ held }, event) {
    const next = new Map(held);
    switch (event.type) {
      case 'RoleGranted':
        return { held: next.set(keyOf(event.data), event.data) };
      case 'RoleRevoked':
        next.delete(keyOf(event.data));
        return { held: next };
      default:
        return unreachable(event, 'staff event');
    }
  },
};
