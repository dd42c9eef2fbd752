import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import { NEW_PARK, type ParkDraft, type ParkProfile } from '../domain/park-profile.ts';
import { park, type ParkRefusal } from '../domain/park.ts';
import { parkName } from './edit-park.ts';

type OpenRefusal = Extract<ParkRefusal, { readonly code: 'park_exists' | 'bad_park' }>;

export type OpenPark = (draft: ParkDraft, meta: CommandMeta) => Promise<Result<null, OpenRefusal>>;

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
  return async (draft, meta) => {
    const profile: ParkProfile = { ...NEW_PARK, ...draft };
    if (!isZone(profile.timeZone)) {
      return refuse({ code: 'bad_park', field: 'timeZone', message: 'no time zone of the IANA database' });
    }
    const done = await runner.run(
      park,
      ids.derive(parkName(profile.parkId)),
      { kind: 'open', profile },
      { ...meta, parkId: profile.parkId },
    );
    return done.ok ? ok(null) : refuse(only(['park_exists', 'bad_park'], done.refusal));
  };
}
