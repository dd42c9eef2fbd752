import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Profile } from '../domain/user-messages.ts';
import { user } from '../domain/user.ts';
import type { Account, Accounts } from './accounts.ts';
import { edited, type Edit } from './edit.ts';

export type ProfileRefusal = { readonly code: 'user_not_found' | 'version_moved' | 'bad_name' };

/** @param version the one that was edited; of two edits of one version the later is refused */
export type ChangeProfile = (
  userId: string,
  version: number,
  changes: Edit<Profile>,
  meta: CommandMeta,
) => Promise<Result<Account, ProfileRefusal>>;

type Dependencies = { readonly runner: CommandRunner; readonly accounts: Accounts };

export function createChangeProfile({ runner, accounts }: Dependencies): ChangeProfile {
  return async (userId, version, changes, meta) => {
    const account = await accounts.find(userId);
    if (account === null) return refuse({ code: 'user_not_found' });
    if (account.version !== version) return refuse({ code: 'version_moved' });
    const { name, email, language } = account;
    const profile = edited<Profile>({ name, email, language }, changes);
    if (profile === null) return ok(account);
    const done = await runner.run(user, userId, { kind: 'change_profile', userId, version, ...profile }, meta);
    if (!done.ok) return refuse(only(['user_not_found', 'version_moved', 'bad_name'], done.refusal));
    const changed = await accounts.find(userId);
    assert(changed, 'an account that was changed has a profile');
    return ok(changed);
  };
}
