import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { assert } from '../../../kernel/assert.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { secondFactor, type SecondFactorCommand } from '../domain/second-factor.ts';
import type { Roles } from './roles.ts';
import type { TellOwner } from './tell-owner.ts';

type WithoutWhy<Command> = Command extends unknown ? Omit<Command, 'why'> : never;

/** Who has duties is looked into by others too. */
function withWhy(news: FactorNews, isStaff: boolean): SecondFactorCommand {
  const why = isStaff ? 'staff' : 'guest';
  return news.kind === 'reset' ? news : { ...news, why };
}

/** What became of a second factor. */
export type FactorNews = WithoutWhy<SecondFactorCommand>;

/** Writes down what became of a factor and tells its owner. `actor` is the owner when absent. */
export type TellOfFactor = (news: FactorNews, correlationId: string, actor?: CommandMeta['actor']) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly roles: Pick<Roles, 'of'>;
  readonly tellOwner: TellOwner;
  readonly ids: Ids;
};

const NOTICES = {
  enrol: 'factor_enrolled',
  remove: 'factor_removed',
  reset: 'factor_reset',
  refuse_passkey: 'passkey_copied',
  use_recovery_code: 'recovery_code_used',
  renew_recovery_codes: 'recovery_codes_renewed',
} as const;

export const createTellOfFactor =
  ({ runner, roles, tellOwner, ids }: Dependencies): TellOfFactor =>
  async (news, correlationId, actor) => {
    const { userId } = news;
    const command = withWhy(news, (await roles.of(userId)).length > 0);
    const meta = { actor: actor ?? (`user:${userId}` as const), correlationId };
    const done = await runner.run(secondFactor, ids.derive(`second-factor:${userId}`), command, meta);
    assert(done.ok, 'what became of a factor is never refused');
    await tellOwner(userId, NOTICES[news.kind], `second-factor:${ids.next()}`);
  };
