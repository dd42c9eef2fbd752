import type { CommandMeta } from '../../../kernel/command-runner.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Account } from './accounts.ts';
import type { Roles } from './roles.ts';

/** Port: an account as it is now; null when its data was erased. Whoever asks is on record before it is answered. */
export type LookUpAccount = (
  staffId: string,
  userId: string,
  meta: CommandMeta,
) => Promise<Pick<Account, 'phone'> | null>;

/** Whose phone, and where: somebody whose roles count at the park, or anywhere when it is null. */
export type StaffPhoneQuestion = { readonly parkId: string | null; readonly userId: string };

/** The phone of a colleague, in E.164. Accounts that do not work there are not found. */
export type ShowStaffPhone = (
  question: StaffPhoneQuestion,
  staffId: string,
  meta: CommandMeta,
) => Promise<Result<string, { readonly code: 'user_not_found' }>>;

type Dependencies = { readonly roles: Pick<Roles, 'of'>; readonly lookUpAccount: LookUpAccount };

export const createShowStaffPhone =
  ({ roles, lookUpAccount }: Dependencies): ShowStaffPhone =>
  async ({ parkId, userId }, staffId, meta) => {
    const held = await roles.of(userId);
    const worksThere = held.some((one) => parkId === null || one.parkId === null || one.parkId === parkId);
    if (!worksThere) return refuse({ code: 'user_not_found' });
    const account = await lookUpAccount(staffId, userId, meta);
    return account === null ? refuse({ code: 'user_not_found' }) : ok(account.phone);
  };
