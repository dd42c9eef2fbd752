import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import { guestLookUp } from '../domain/guest-look-up.ts';
import type { Accounts } from './accounts.ts';
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

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly accounts: Accounts;
  readonly userIdByPhone: UserIdByPhone;
  readonly countTickets: CountTickets;
};

export function createLookUpGuest({ runner, ids, accounts, userIdByPhone, countTickets }: Dependencies): LookUpGuest {
  return async (staffId, phone, meta) => {
    const owner = await userIdByPhone(phone);
    if (!owner.ok) return owner;
    const guestId = owner.value;
    const done = await runner.run(guestLookUp, ids.next(), { kind: 'look_up', staffId, guestId }, meta, {
      isNew: true,
    });
    assert(done.ok, 'a look-up cannot be refused');
    const account = guestId === null ? null : await accounts.find(guestId);
    if (account === null) return ok(null);
    const { userId, name, phoneVerified } = account;
    return ok({ userId, name, phoneVerified, tickets: await countTickets(userId) });
  };
}
