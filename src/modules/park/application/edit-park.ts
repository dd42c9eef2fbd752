import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ParkChanges } from '../domain/park-profile.ts';
import { park, type ParkRefusal } from '../domain/park.ts';
import type { DatesOnSale } from './dates-on-sale.ts';
import type { FollowQuota } from './park-catalogue.ts';

/** The name that the id of a park's stream is made of. */
export const parkName = (parkId: string): string => `park:${parkId}`;

type EditRefusal = Exclude<ParkRefusal, { readonly code: 'park_exists' | 'too_many_images' }>;

export type EditPark = (
  parkId: string,
  edit: { readonly version: number; readonly changes: ParkChanges },
  meta: CommandMeta,
) => Promise<Result<null, EditRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly datesOnSale: DatesOnSale;
  readonly followQuota: FollowQuota;
};

/** Changes a park for what is sold from now on; tickets keep what they were sold with. */
export function createEditPark({ runner, ids, datesOnSale, followQuota }: Dependencies): EditPark {
  return async (parkId, edit, meta) => {
    const done = await runner.run(park, ids.derive(parkName(parkId)), { kind: 'edit', ...edit }, { ...meta, parkId });
    if (!done.ok) return refuse(only(['park_not_found', 'version_moved', 'bad_park'], done.refusal));
    if (edit.changes.capacity !== undefined) await followQuota(parkId, await datesOnSale(parkId));
    return ok(null);
  };
}
