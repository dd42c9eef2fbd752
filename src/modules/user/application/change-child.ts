import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import type { ChildDetails, ChildFault } from '../domain/user-messages.ts';
import { user } from '../domain/user.ts';
import { childOf, type Child, type Children } from './children.ts';
import { edited, type Edit } from './edit.ts';
import { todayAtParks } from './today.ts';

export type ChangeChildRefusal = ChildFault | { readonly code: 'user_not_found' | 'child_not_found' | 'version_moved' };

/** @param version the one that was edited; of two edits of one version the later is refused */
export type ChangeChild = (
  userId: string,
  childId: string,
  version: number,
  changes: Edit<ChildDetails>,
  meta: CommandMeta,
) => Promise<Result<Child, ChangeChildRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly children: Children;
};

const REFUSALS = [
  'user_not_found',
  'child_not_found',
  'version_moved',
  'bad_name',
  'no_such_date',
  'born_in_the_future',
  'not_a_child',
] as const;

/** Tickets bought before keep what was agreed then; only the next purchase sees the change. */
export function createChangeChild({ runner, clock, zone, children }: Dependencies): ChangeChild {
  return async (userId, childId, version, changes, meta) => {
    const child = await childOf(children, userId, childId);
    if (child === null) return refuse({ code: 'child_not_found' });
    if (child.version !== version) return refuse({ code: 'version_moved' });
    const { name, birthDate, gender } = child;
    const details = edited<ChildDetails>({ name, birthDate, gender }, changes);
    if (details === null) return ok(child);
    const today = todayAtParks(clock, zone);
    const command = { kind: 'change_child', userId, childId, version, today, ...details } as const;
    const done = await runner.run(user, userId, command, meta);
    if (!done.ok) return refuse(only(REFUSALS, done.refusal));
    const changed = await childOf(children, userId, childId);
    return changed === null ? refuse({ code: 'child_not_found' }) : ok(changed);
  };
}
