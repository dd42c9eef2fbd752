import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { endedSessions } from '../domain/sign-out.ts';
import type { Logout } from './logout.ts';

/** Ends every session of an account, as somebody who answers for the program asks; its owner is told. */
export type SignOut = (userId: string, meta: CommandMeta) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly logout: Pick<Logout, 'everywhere'> };

export const createSignOut =
  ({ runner, ids, logout }: Dependencies): SignOut =>
  async (userId, meta) => {
    // First the trail: nothing is ended that nobody could ask about.
    const done = await runner.run(endedSessions, ids.derive(`sessions:${userId}`), { userId }, meta);
    assert(done.ok, 'that sessions are ended is never refused');
    await logout.everywhere(userId);
  };
