import { assert, BrokenInvariant } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate, Zone } from '../../../kernel/time.ts';
import { user, type Gender, type UserRefusal } from '../domain/user.ts';
import type { Child, Children } from './children.ts';

export type NewChild = { readonly name: string; readonly birthDate: LocalDate; readonly gender: Gender | null };

export type ChildRefusal = Exclude<UserRefusal, { readonly code: 'user_exists' }>;

export type AddChild = (userId: string, child: NewChild, meta: CommandMeta) => Promise<Result<Child, ChildRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly children: Children;
};

/** Where the parks are; ages are counted by the date there. */
const TIME_ZONE = 'Asia/Bishkek';

/** Adds a child to an account. Told twice under one command id it adds one child and answers it again. */
export function createAddChild({ runner, ids, clock, zone, children }: Dependencies): AddChild {
  return async (userId, child, meta) => {
    // Derived from the command, so that a repeat finds the child of the first time.
    const childId = meta.commandId === undefined ? ids.next() : ids.derive(`child:${meta.commandId}`);
    const today = zone.dateAt(clock.now(), TIME_ZONE);
    const done = await runner.run(user, userId, { kind: 'add_child', userId, childId, today, ...child }, meta);
    if (done.ok) {
      const added = (await children.of(userId)).find((known) => known.childId === childId);
      assert(added, 'a child that was added is in the read model');
      return ok(added);
    }
    const { refusal } = done;
    if (refusal.code === 'insufficient' || refusal.code === 'claimed' || refusal.code === 'user_exists') {
      throw new BrokenInvariant(`adding a child cannot be refused as ${refusal.code}`);
    }
    return refuse(refusal);
  };
}
