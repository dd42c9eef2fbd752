import type { ParkedCount } from '../../src/infrastructure/event-store/parked-events.ts';
import type { Contact } from '../../src/modules/nodes/contract.ts';
import type { Diary } from '../simulation/diary.ts';
import type { Violation } from '../simulation/judged.ts';

/** Flows of a node that have yet to hear something, by its metrics. */
export function behindIn(node: string, metrics: string): readonly string[] {
  const lags = [...metrics.matchAll(/^skypark_subscription_lag_events\{subscription="([^"]*)"\} (\S+)/gm)];
  if (lags.length === 0) return [`${node} does not say how far its flows are`];
  return lags.filter(([, , lag]) => Number(lag) !== 0).map(([, name, lag]) => `${name} of ${node} lags by ${lag}`);
}

/** Events that a node could not handle and that nobody has settled. */
export const parkedIn = (counts: readonly ParkedCount[]): readonly string[] =>
  counts.map(({ subscription, events }) => `${subscription} could not handle ${events} events`);

/** How a park stands with headquarters, which has to have heard it since everything was mended. */
export const verdictSince = (
  mendedMs: number,
  contact: Pick<Contact, 'verdict' | 'atMs'> | null,
): 'ok' | 'unreachable' => (contact?.verdict === 'ok' && contact.atMs > mendedMs ? 'ok' : 'unreachable');

type Lived = Pick<Diary<string>, 'tickets' | 'passages'> & {
  readonly parkIds: readonly string[];
  /** What was done → how often. */
  readonly faults: ReadonlyMap<string, number>;
  /** Steps of which nothing came, and why. */
  readonly undone: readonly string[];
};

/** What has to have happened for a verdict to say anything: something broke, and every park had guests. */
export function untriedIn(lived: Lived, isStrict: boolean): readonly Violation[] {
  const { tickets, passages, parkIds, faults, undone } = lived;
  const without = (held: readonly { readonly parkId: string }[]): readonly string[] =>
    parkIds.filter((parkId) => held.every((one) => one.parkId !== parkId));
  return [
    ...(faults.size === 0 ? ['nothing broke'] : []),
    ...without(tickets).map((parkId) => `no ticket was sold for ${parkId}`),
    ...without(passages).map((parkId) => `nobody passed a gate of ${parkId}`),
    ...(isStrict ? undone : []),
  ].map((what) => ({ rule: 'tried', what }));
}
