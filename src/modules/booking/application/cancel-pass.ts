import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { pass } from '../domain/pass.ts';

export type CancelPass = (
  request: { readonly passId: string; readonly reason: string },
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'pass_not_found' }>>;

type Dependencies = { readonly runner: CommandRunner; readonly clock: Clock };

/** Ends what is left of a pass; visits that are booked stay. Told twice, it does nothing. */
export function createCancelPass({ runner, clock }: Dependencies): CancelPass {
  return async ({ passId, reason }, meta) => {
    const done = await runner.run(pass, passId, { kind: 'cancel', reason, nowMs: clock.now() }, meta);
    return done.ok ? ok(null) : refuse(only(['pass_not_found'], done.refusal));
  };
}
