import type { RoleAtPark } from '../contract.ts';
import type { Accounts } from './accounts.ts';

export type StaffMember = {
  readonly userId: string;
  /** Null when the account was erased. */
  readonly name: string | null;
  readonly roles: readonly RoleAtPark[];
};

/** A page of those with a role that counts at a park, or anywhere when it is null; `after` is the last account before. */
export type StaffPage = { readonly parkId: string | null; readonly after: string | null; readonly limit: number };

/** Port: who holds roles, in the order of accounts. Of each the roles that count at the park alone. */
export type RoleHolders = (page: StaffPage) => Promise<readonly Omit<StaffMember, 'name'>[]>;

/** Who works for the chain. */
export type ListStaff = (page: StaffPage) => Promise<readonly StaffMember[]>;

type Dependencies = { readonly roleHolders: RoleHolders; readonly accounts: Pick<Accounts, 'profile'> };

export const createListStaff =
  ({ roleHolders, accounts }: Dependencies): ListStaff =>
  async (page) => {
    const holders = await roleHolders(page);
    return Promise.all(
      holders.map(async ({ userId, roles }) => ({
        userId,
        name: (await accounts.profile(userId))?.name ?? null,
        roles,
      })),
    );
  };
