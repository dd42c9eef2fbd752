import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { RoleAtPark } from '../contract.ts';
import type { Accounts } from './accounts.ts';
import type { Roles } from './roles.ts';

/** The staff roles of an account; an account that was erased is known as long as it has any. */
export type GetRoles = (userId: string) => Promise<Result<readonly RoleAtPark[], { readonly code: 'user_not_found' }>>;

type Dependencies = { readonly roles: Roles; readonly accounts: Pick<Accounts, 'profile'> };

export function createGetRoles({ roles, accounts }: Dependencies): GetRoles {
  return async (userId) => {
    const held = await roles.of(userId);
    const isKnown = held.length > 0 || (await accounts.profile(userId)) !== null;
    return isKnown ? ok(held) : refuse({ code: 'user_not_found' });
  };
}
