import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';

export type StaffRole = 'gate' | 'manager' | 'finance' | 'admin';

/** A role of one account at one park, or at all parks when `parkId` is null. */
export type RoleOfUser = { readonly userId: string; readonly role: StaffRole; readonly parkId: string | null };

export type RoleGranted = { readonly type: 'RoleGranted'; readonly data: RoleOfUser };
export type RoleRevoked = { readonly type: 'RoleRevoked'; readonly data: RoleOfUser };
export type StaffEvent = RoleGranted | RoleRevoked;

export type StaffCommand = { readonly kind: 'grant' | 'revoke' } & RoleOfUser;

/** The roles held, as `role@park`. */
export type StaffState = { readonly held: ReadonlySet<string> };

const keyOf = ({ role, parkId }: RoleOfUser): string => `${role}@${parkId ?? ''}`;

/** What one account may do for the chain. A role granted twice or taken away twice is the same fact told again. */
export const staff: Decider<StaffCommand, StaffState, StaffEvent, never> = {
  aggregateType: 'Staff',
  initial: { held: new Set() },
  decide({ kind, ...role }, { held }) {
    if (held.has(keyOf(role)) === (kind === 'grant')) return ok([]);
    return ok([{ type: kind === 'grant' ? 'RoleGranted' : 'RoleRevoked', data: role }]);
  },
  evolve({ held }, event) {
    const key = keyOf(event.data);
    switch (event.type) {
      case 'RoleGranted':
        return { held: new Set([...held, key]) };
      case 'RoleRevoked':
        return { held: new Set([...held].filter((other) => other !== key)) };
      default:
        return unreachable(event, 'staff event');
    }
  },
};
