import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import { guestLookUp } from '../domain/guest-look-up.ts';
import type { Account, Accounts } from './accounts.ts';
import type { CountTickets } from './ports.ts';
import type { UserIdByPhone } from './user-id-by-phone.ts';

/** A guest as staff may see them. */
export type GuestFound = {
  readonly userId: string;
  readonly name: string;
  readonly phoneVerified: boolean;
  readonly tickets: number;
};

/** The guest with exactly this number, null when it is nobody's. Every look-up is on record before it is answered. */
export type LookUpGuest = (
  staffId: string,
  phone: string,
  meta: CommandMeta,
) => Promise<Result<GuestFound | null, { readonly code: 'bad_phone' }>>;

/** An account that staff knows by its id; null when its data was erased. It is on record before it is answered, too. */
export type LookUpAccount = (staffId: string, userId: string, meta: CommandMeta) => Promise<Account | null>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly accounts: Accounts;
  readonly userIdByPhone: UserIdByPhone;
  readonly countTickets: CountTickets;
};

/** Puts a look-up on record. */
const createRecord =
  ({ runner, ids }: Pick<Dependencies, 'runner' | 'ids'>) =>
  async (staffId: string, guestId: string | null, meta: CommandMeta): Promise<void> => {
    const command = { kind: 'look_up', staffId, guestId } as const;
    const done = await runner.run(guestLookUp, ids.next(), command, meta, { isNew: true });
    assert(done.ok, 'a look-up cannot be refused');
  };

export function createLookUpGuest({ accounts, userIdByPhone, countTickets, ...parts }: Dependencies): LookUpGuest {
  const record = createRecord(parts);
  return async (staffId, phone, meta) => {
    const owner = await userIdByPhone(phone);
    if (!owner.ok) return owner;
    const guestId = owner.value;
    await record(staffId, guestId, meta);
    const account = guestId === null ? null : await accounts.find(guestId);
    if (account === null) return ok(null);
    const { userId, name, phoneVerified } = account;
    return ok({ userId, name, phoneVerified, tickets: await countTickets(userId) });
  };
}

export function createLookUpAccount({
  accounts,
  ...parts
}: Pick<Dependencies, 'runner' | 'ids' | 'accounts'>): LookUpAccount {
  const record = createRecord(parts);
  return async (staffId, userId, meta) => {
    await record(staffId, userId, meta);
    return accounts.find(userId);
  };
}
