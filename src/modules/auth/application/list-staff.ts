import type { RoleAtPark } from '../contract.ts';
import type { Accounts } from './accounts.ts';

export type StaffMember = {
  readonly userId: string;
  /** Null when the account was erased. */
  readonly name: string | null;
  readonly roles: readonly RoleAtPark[];
};

/** A page of those with a role that counts at a park, or anywhere when it is null; `after` is the last account before. */
export type HolderPage = { readonly parkId: string | null; readonly after: string | null; readonly limit: number };

/** The same of those in whose name a text stands, in any case; null for everybody. */
export type StaffPage = HolderPage & { readonly named: string | null };

type Holder = Omit<StaffMember, 'name'>;

/** Port: who holds roles, in the order of accounts. Of each the roles that count at the park alone. */
export type RoleHolders = (page: HolderPage) => Promise<readonly Holder[]>;

/** Who works for the chain. */
export type ListStaff = (page: StaffPage) => Promise<readonly StaffMember[]>;

type Dependencies = { readonly roleHolders: RoleHolders; readonly accounts: Pick<Accounts, 'profile'> };

/** So many are looked through at once. Names are sealed where they are kept, so that the database cannot search them. */
const BATCH = 100;

export function createListStaff({ roleHolders, accounts }: Dependencies): ListStaff {
  const withName = async ({ userId, roles }: Holder): Promise<StaffMember> => ({
    userId,
    name: (await accounts.profile(userId))?.name ?? null,
    roles,
  });
  const search = async ({ named, ...page }: StaffPage & { readonly named: string }): Promise<StaffMember[]> => {
    const wanted = named.toLocaleLowerCase('ru');
    const found: StaffMember[] = [];
    let { after } = page;
    for (;;) {
      const holders = await roleHolders({ ...page, after, limit: BATCH });
      const members = await Promise.all(holders.map(withName));
      found.push(...members.filter(({ name }) => name?.toLocaleLowerCase('ru').includes(wanted) === true));
      if (found.length >= page.limit || holders.length < BATCH) return found.slice(0, page.limit);
      after = holders.at(-1)?.userId ?? null;
    }
  };
  return async ({ named, ...page }) =>
    named === null ? Promise.all((await roleHolders(page)).map(withName)) : search({ ...page, named });
}
