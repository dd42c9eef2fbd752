import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Result } from '../../../kernel/result.ts';
import { park, type ParkProfile, type ParkRefusal } from '../domain/park.ts';

export type OpenPark = (profile: ParkProfile, meta: CommandMeta) => Promise<Result<null, ParkRefusal>>;

/** Adds a park to the chain. Its id is its name for ever; opening it again is refused as `park_exists`. */
export function createOpenPark({ runner, ids }: { readonly runner: CommandRunner; readonly ids: Ids }): OpenPark {
  return async (profile, meta) => {
    const done = await runner.run(park, ids.derive(`park:${profile.parkId}`), { kind: 'open', profile }, meta);
    if (done.ok) return { ok: true, value: null };
    const { refusal } = done;
    if (refusal.code === 'park_exists' || refusal.code === 'bad_park') return { ok: false, refusal };
    throw new Error(`opening a park cannot be refused as ${refusal.code}`);
  };
}
