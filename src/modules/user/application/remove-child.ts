import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { user } from '../domain/user.ts';

/** Tickets that were bought for the child stay valid. */
export type RemoveChild = (
  userId: string,
  childId: string,
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'user_not_found' | 'child_not_found' }>>;

export function createRemoveChild({ runner }: { readonly runner: CommandRunner }): RemoveChild {
  return async (userId, childId, meta) => {
    const done = await runner.run(user, userId, { kind: 'remove_child', userId, childId }, meta);
    return done.ok ? ok(null) : refuse(only(['user_not_found', 'child_not_found'], done.refusal));
  };
}
