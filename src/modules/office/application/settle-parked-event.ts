import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { parkedEvent } from '../domain/settled-event.ts';

/** An event that a subscription could not handle and that nobody has settled yet. */
export type Parked = {
  readonly subscription: string;
  readonly position: number;
  readonly aggregateId: string;
  readonly error: string;
  /** How often it was handled in vain; 0 when it waits behind an earlier event of its aggregate. */
  readonly attempts: number;
  readonly parkedAtMs: number;
  readonly retryWanted: boolean;
};

/** Port: the store's parked events. */
export type ParkedEvents = {
  list(): Promise<readonly Parked[]>;
  retry(subscription: string, position: number): Promise<boolean>;
  skip(subscription: string, position: number): Promise<boolean>;
};

export type Settlement = {
  readonly subscription: string;
  readonly position: number;
  readonly how: 'retry' | 'skip';
  readonly reason: string;
};

/** Asks for another try of a parked event, or gives it up. Who decided so, and why, is on record before it acts. */
export type SettleParkedEvent = (
  settlement: Settlement,
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'parked_event_not_found' }>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly parkedEvents: ParkedEvents;
  readonly ids: Ids;
  readonly clock: Clock;
};

export function createSettleParkedEvent({ runner, parkedEvents, ids, clock }: Dependencies): SettleParkedEvent {
  return async ({ subscription, position, how, reason }, meta) => {
    const isParked = (await parkedEvents.list()).some(
      (parked) => parked.subscription === subscription && parked.position === position,
    );
    if (!isParked) return refuse({ code: 'parked_event_not_found' });
    const parkedId = ids.derive(`parked:${subscription}/${position}`);
    const data = { parkedId, subscription, position, how, reason, settledAtMs: clock.now() };
    const done = await runner.run(parkedEvent, parkedId, data, meta);
    assert(done.ok, 'a decision can always be written down');
    return (await parkedEvents[how](subscription, position)) ? ok(null) : refuse({ code: 'parked_event_not_found' });
  };
}
