import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Figures } from '../domain/figures.ts';
import { programme, type ProgrammeRefusal } from '../domain/programme.ts';
import type { FindFigures } from './ports.ts';

/** Sets all figures for what is earned, spent and shown from now on. @param version what the editor saw */
export type ChangeFigures = (
  edit: { readonly figures: Figures; readonly version: number },
  meta: CommandMeta,
) => Promise<Result<Awaited<ReturnType<FindFigures>>, ProgrammeRefusal>>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly clock: Clock };

export const createChangeFigures =
  ({ runner, ids, clock }: Dependencies): ChangeFigures =>
  async (edit, meta) => {
    const command = { kind: 'change', ...edit, nowMs: clock.now() } as const;
    const done = await runner.run(programme, ids.derive('loyalty:programme'), command, meta);
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    return ok({ ...done.value.state.figures, version: done.value.state.version });
  };
