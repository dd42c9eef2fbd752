import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { PARKS_TIME_ZONE, type Clock, type Zone } from '../../../kernel/time.ts';
import { waitlistEntry, type WaitingChild } from '../domain/waitlist-entry.ts';
import type { NeedsProof } from './free-visits.ts';
import type { ChildInput, PlanVisit, VisitRefusal, VisitRequest } from './plan-visit.ts';
import type { FreePlaces } from './ports.ts';
import { takenName } from './waiting-name.ts';
import type { Waitlist, WaitlistView } from './waitlist.ts';

/** Days a guest may wait for at once. */
const MOST_WAITING = 10;

export type JoinRefusal =
  | VisitRefusal
  /** There are places: a ticket can be bought. */
  | { readonly code: 'places_available'; readonly remaining: number }
  | { readonly code: 'already_waiting' | 'phone_not_verified' }
  | { readonly code: 'too_many_waiting'; readonly most: number };

export type JoinWaitlist = (
  request: VisitRequest & { readonly userId: string },
  meta: CommandMeta,
) => Promise<Result<WaitlistView, JoinRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly planVisit: PlanVisit;
  readonly freePlaces: FreePlaces;
  readonly waitlist: Waitlist;
  readonly needsProof: NeedsProof;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
};

type Joining = ReturnType<JoinWaitlist>;

const toWaiting = (child: ChildInput): WaitingChild => ({
  childId: 'childId' in child ? child.childId : null,
  name: 'name' in child ? child.name : null,
  age: 'age' in child ? child.age : null,
  birthDate: 'birthDate' in child ? child.birthDate : null,
});

/** Queues a party for a day that has no room for it. Whoever would find places is told to buy them. */
export function createJoinWaitlist(dependencies: Dependencies): JoinWaitlist {
  const { runner, planVisit, freePlaces, waitlist, needsProof, ids, clock, zone } = dependencies;

  const join = async (request: Parameters<JoinWaitlist>[0], entryId: string, meta: CommandMeta): Joining => {
    const planned = await planVisit(request);
    if (!planned.ok) return planned;
    const { places, plannedAtMs, dayQuota, price } = planned.value;
    const { userId, parkId, visitDate, children, adults } = request;
    const today = zone.dateAt(plannedAtMs, PARKS_TIME_ZONE);
    const remaining = (await freePlaces(parkId, visitDate)) ?? dayQuota;
    if (remaining >= places) return refuse({ code: 'places_available', remaining });
    if (await needsProof(request, price.totalTyiyn)) return refuse({ code: 'phone_not_verified' });
    if ((await waitlist.waitingOf(userId, today)) >= MOST_WAITING) {
      return refuse({ code: 'too_many_waiting', most: MOST_WAITING });
    }
    const party = { children: children.map(toWaiting), adults, places };
    const entry = { entryId, userId, parkId, visitDate, ...party, joinedAtMs: plannedAtMs };
    const claims = takenName(entry);
    const done = await runner.run(waitlistEntry, entryId, { kind: 'join', entry }, { ...meta, parkId }, { claims });
    if (!done.ok) {
      only(['claimed'], done.refusal);
      return refuse({ code: 'already_waiting' });
    }
    const view = await waitlist.find(entryId, today);
    assert(view, 'an entry that was written is in the read model');
    return ok(view);
  };

  return async (request, meta) => {
    const entryId = meta.commandId === undefined ? ids.next() : ids.derive(`waitlist:${meta.commandId}`);
    const joined = await join(request, entryId, meta);
    if (joined.ok) return joined;
    // What this very command did before would be refused now, should places have come free or the day be near.
    const told = await waitlist.find(entryId, zone.dateAt(clock.now(), PARKS_TIME_ZONE));
    return told === null ? joined : ok(told);
  };
}
