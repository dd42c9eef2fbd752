import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { incarnation, type IncarnationRefusal } from '../domain/incarnation.ts';
import { lifeStream } from './open-life.ts';

/** Port: the current life of this node's log, and why it was begun; null: it is the first one. */
export type OwnLife = () => Promise<{ readonly incarnation: string; readonly reason: string | null }>;

/**
 * Stands between headquarters that was set back and days whose gates other nodes keep: it may have sold or granted of them what it
 * does not remember.
 */
export type SellingFence = {
  /** Whether the log was set back and nobody has said yet that it may sell again. May be as old as a second. */
  isUp(): Promise<boolean>;
  /** Somebody says so. */
  lift(meta: CommandMeta): Promise<Result<null, IncarnationRefusal>>;
};

/** How long an answer is kept: the question is part of every sale. */
const FRESH_MS = 1_000;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly ownLife: OwnLife;
};

export function createSellingFence({ runner, ids, clock, nodeId, ownLife }: Dependencies): SellingFence {
  let known: { readonly atMs: number; readonly isUp: Promise<boolean> } | null = null;

  async function look(): Promise<boolean> {
    const life = await ownLife();
    // Its first event may not be written yet.
    if (life.reason === null) return false;
    const { state } = await runner.stateOf(incarnation, lifeStream(ids, life.incarnation));
    return state?.isResumed !== true;
  }

  return {
    isUp() {
      const nowMs = clock.now();
      if (known !== null && Math.abs(nowMs - known.atMs) < FRESH_MS) return known.isUp;
      const isUp = look();
      // What could not be asked is asked again.
      isUp.catch(() => (known = null));
      known = { atMs: nowMs, isUp };
      return isUp;
    },
    async lift(meta) {
      const life = await ownLife();
      const command = { kind: 'resume', nodeId, incarnation: life.incarnation, resumedAtMs: clock.now() } as const;
      const done = await runner.run(incarnation, lifeStream(ids, life.incarnation), command, meta);
      known = null;
      return done.ok ? ok(null) : refuse(ownRefusal(done.refusal));
    },
  };
}
