import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import { park, type ParkProfile, type ParkRefusal } from '../domain/park.ts';

export type OpenPark = (profile: ParkProfile, meta: CommandMeta) => Promise<Result<null, ParkRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
};

/** Adds a park to the chain. Its id is its name for ever; opening it again is refused as `park_exists`. */
export function createOpenPark({ runner, ids, clock, zone }: Dependencies): OpenPark {
  const isZone = (timeZone: string): boolean => {
    try {
      return zone.dateAt(clock.now(), timeZone) !== '';
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  };
  return async (profile, meta) => {
    if (!isZone(profile.timeZone)) {
      return refuse({ code: 'bad_park', field: 'timeZone', message: 'no time zone of the IANA database' });
    }
    const done = await runner.run(park, ids.derive(`park:${profile.parkId}`), { kind: 'open', profile }, meta);
    if (done.ok) return ok(null);
    const { refusal } = done;
    assert(refusal.code !== 'insufficient' && refusal.code !== 'claimed', 'opening a park moves no places');
    return refuse(refusal);
  };
}
