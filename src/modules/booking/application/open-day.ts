import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { day } from '../domain/capacity.ts';
import { dayName, type FollowQuota } from './follow-quota.ts';

/** Puts a day on sale with its quota. Told again, it does nothing. */
export type OpenDay = (parkId: string, date: LocalDate, quota: number, meta: CommandMeta) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly followQuota: FollowQuota };

export const createOpenDay =
  ({ runner, ids, followQuota }: Dependencies): OpenDay =>
  async (parkId, date, quota, meta) => {
    const done = await runner.run(day, ids.derive(dayName(parkId, date)), { kind: 'open', parkId, date, quota }, meta);
    assert(done.ok, 'a day can always be opened');
    // The quota may have been changed since it was read, by somebody who found the day not open yet.
    await followQuota(parkId, date, meta);
  };
