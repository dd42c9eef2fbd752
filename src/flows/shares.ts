import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { CapacityAsked, CapacityGranted, CapacityReturned, ReturnAsked } from '../modules/booking/contract.ts';

const isOf = <Event extends { readonly type: string; readonly data: object }>(
  event: Recorded,
  type: Event['type'],
): event is Recorded<Event> => event.type === type;

const contextOf = (actor: string, { meta: { id, correlationId } }: Recorded): CommandMeta => ({
  actor,
  correlationId,
  causationId: id,
});

type Told<Event extends { readonly data: object }> = (data: Event['data'], meta: CommandMeta) => Promise<void>;

export type GrantPorts = {
  readonly answerAsk: Told<CapacityAsked>;
  readonly takeBack: Told<CapacityReturned>;
  /** @param requestId one for each change of the quota */
  readonly coverDeficit: (
    day: { readonly parkId: string; readonly date: string },
    requestId: string,
    meta: CommandMeta,
  ) => Promise<void>;
};

/** Headquarters answers parks that ask for places, takes back what they return, and asks them when a quota was lowered. */
export const createGrantsFlow = ({ answerAsk, takeBack, coverDeficit }: GrantPorts): Flow => ({
  name: 'flow.grants',
  eventTypes: ['CapacityAsked', 'CapacityReturned', 'DayQuotaChanged'],
  async handle(event) {
    const context = contextOf('flow:grants', event);
    if (isOf<CapacityAsked>(event, 'CapacityAsked')) return answerAsk(event.data, context);
    if (isOf<CapacityReturned>(event, 'CapacityReturned')) return takeBack(event.data, context);
    const { parkId, date } = event.data as { readonly parkId: string; readonly date: string };
    return coverDeficit({ parkId, date }, event.meta.id, context);
  },
});

export type SharePorts = { readonly credit: Told<CapacityGranted>; readonly answerRequest: Told<ReturnAsked> };

/** A park takes what it is granted, and gives back what it is asked for, as far as it has not sold it. */
export const createShareFlow = ({ credit, answerRequest }: SharePorts): Flow => ({
  name: 'flow.share',
  eventTypes: ['CapacityGranted', 'ReturnAsked'],
  runsAt: 'park',
  async handle(event) {
    const context = contextOf('flow:share', event);
    if (isOf<CapacityGranted>(event, 'CapacityGranted')) await credit(event.data, context);
    else if (isOf<ReturnAsked>(event, 'ReturnAsked')) await answerRequest(event.data, context);
  },
});
