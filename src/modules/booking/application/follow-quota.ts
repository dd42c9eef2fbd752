import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { day } from '../domain/capacity.ts';
import type { ParkDays } from './ports.ts';

/** The name that the id of a day's stream is made of. */
export const dayName = (parkId: string, date: LocalDate): string => `day:${parkId}/${date}`;

export type FollowQuota = (parkId: string, date: LocalDate, meta: CommandMeta) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly parkDays: ParkDays };

/**
 * Gives a day that is on sale the quota its park says. What was read may be old by the time it is written, so the quota is
 * read again until the day has it: whoever writes last has read what then holds, and a change after that asks again.
 */
export function createFollowQuota({ runner, ids, parkDays }: Dependencies): FollowQuota {
  return async (parkId, date, meta) => {
    for (;;) {
      const offer = await parkDays(parkId, date);
      if (offer === null) return;
      const command = { kind: 'change', parkId, date, quota: offer.dayQuota } as const;
      const done = await runner.run(day, ids.derive(dayName(parkId, date)), command, { ...meta, parkId });
      assert(done.ok, 'the quota of a day can always be changed');
      if (done.value.events.length === 0) return;
    }
  };
}

export type FollowQuotas = (parkId: string, dates: readonly LocalDate[], meta: CommandMeta) => Promise<void>;

/** Port: those of the streams that have events. */
export type KnownStreams = (streamIds: readonly string[]) => Promise<{ has(streamId: string): boolean }>;

/**
 * The same for many dates, of which few were ever sold. A date that is put on sale after that was looked at reads its quota once
 * more, and finds what is followed here.
 */
export const createFollowQuotas =
  ({ ids, knownStreams, followQuota }: Pick<Dependencies, 'ids'> & FollowTools): FollowQuotas =>
  async (parkId, dates, meta) => {
    const known = await knownStreams(dates.map((date) => ids.derive(dayName(parkId, date))));
    for (const date of dates) if (known.has(ids.derive(dayName(parkId, date)))) await followQuota(parkId, date, meta);
  };

type FollowTools = { readonly knownStreams: KnownStreams; readonly followQuota: FollowQuota };
