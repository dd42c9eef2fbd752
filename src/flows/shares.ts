import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type {
  CapacityAsked,
  CapacityCredited,
  CapacityGranted,
  CapacityRecalled,
  CapacityReturned,
  ReturnAsked,
} from '../modules/booking/contract.ts';
import type { IncarnationOpened } from '../modules/nodes/contract.ts';

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
  readonly recall: Told<CapacityRecalled>;
  /** @param toIncarnation the life of the park's log that took the places */
  readonly rememberGrant: (
    credited: CapacityCredited['data'],
    toIncarnation: string,
    meta: CommandMeta,
  ) => Promise<void>;
  /** @param requestId one for each change of the quota */
  readonly coverDeficit: (
    day: { readonly parkId: string; readonly date: string },
    requestId: string,
    meta: CommandMeta,
  ) => Promise<void>;
};

/**
 * Headquarters answers parks that ask for places, takes back what they return, and asks them when a quota was lowered. What it has
 * forgotten since it was set back it learns from what they have.
 */
export const createGrantsFlow = (ports: GrantPorts): Flow => ({
  name: 'flow.grants',
  eventTypes: ['CapacityAsked', 'CapacityCredited', 'CapacityReturned', 'CapacityRecalled', 'DayQuotaChanged'],
  async handle(event) {
    const context = contextOf('flow:grants', event);
    if (isOf<CapacityAsked>(event, 'CapacityAsked')) return ports.answerAsk(event.data, context);
    if (isOf<CapacityReturned>(event, 'CapacityReturned')) return ports.takeBack(event.data, context);
    if (isOf<CapacityRecalled>(event, 'CapacityRecalled')) return ports.recall(event.data, context);
    if (isOf<CapacityCredited>(event, 'CapacityCredited')) {
      return ports.rememberGrant(event.data, event.meta.incarnation, context);
    }
    const { parkId, date } = event.data as { readonly parkId: string; readonly date: string };
    return ports.coverDeficit({ parkId, date }, event.meta.id, context);
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

export type RecallPorts = { readonly nodeId: string; readonly recallTickets: Told<IncarnationOpened> };

/** Headquarters was set back: its park tells it of what it had sold of the park's days. */
export const createRecallFlow = ({ nodeId, recallTickets }: RecallPorts): Flow => ({
  name: 'flow.recall',
  eventTypes: ['IncarnationOpened'],
  runsAt: 'park',
  async handle(event) {
    if (!isOf<IncarnationOpened>(event, 'IncarnationOpened') || event.meta.nodeId === nodeId) return;
    await recallTickets(event.data, contextOf('flow:recall', event));
  },
});
