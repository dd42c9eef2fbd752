import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import type { ChildDetails, ChildFault } from '../domain/user-messages.ts';
import { user } from '../domain/user.ts';
import { childOf, type Child, type Children } from './children.ts';
import { todayAtParks } from './today.ts';

export type AddChildRefusal =
  | ChildFault
  | { readonly code: 'user_not_found' }
  /** Told twice, and removed in between. */
  | { readonly code: 'child_not_found' }
  | { readonly code: 'too_many_children'; readonly most: number };

export type AddChild = (
  userId: string,
  child: ChildDetails,
  meta: CommandMeta,
) => Promise<Result<Child, AddChildRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly children: Children;
};

const REFUSALS = [
  'user_not_found',
  'bad_name',
  'no_such_date',
  'born_in_the_future',
  'not_a_child',
  'too_many_children',
] as const;

/** Adds a child to an account. Told twice under one command id it adds one child and answers it again. */
export function createAddChild({ runner, ids, clock, zone, children }: Dependencies): AddChild {
  return async (userId, child, meta) => {
    // Derived from the command, so that a repeat finds the child of the first time.
    const childId = meta.commandId === undefined ? ids.next() : ids.derive(`child:${meta.commandId}`);
    const command = { kind: 'add_child', userId, childId, today: todayAtParks(clock, zone), ...child } as const;
    const done = await runner.run(user, userId, command, meta);
    if (!done.ok) return refuse(only(REFUSALS, done.refusal));
    const added = await childOf(children, userId, childId);
    return added === null ? refuse({ code: 'child_not_found' }) : ok(added);
  };
}
