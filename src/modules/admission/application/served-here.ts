import { dayAtGate } from '../domain/gate-check.ts';
import type { FoundTicket } from './find-ticket.ts';
import type { Gatekeeper } from './gate-ticket.ts';
import type { HomeOf } from './ports.ts';
import type { Scan } from './scan-answer.ts';

/**
 * Whether this node may say who comes in: of one ticket only one node ever does. What is no ticket, or one of another park, is
 * refused by whoever is asked.
 */
export type IsServedHere = (
  scan: Pick<Scan, 'decidedOffline'>,
  found: FoundTicket,
  gatekeeper: Gatekeeper,
) => Promise<boolean>;

type Dependencies = { readonly homeOf: HomeOf; readonly nodeId: string };

export const createIsServedHere =
  ({ homeOf, nodeId }: Dependencies): IsServedHere =>
  async ({ decidedOffline }, found, gatekeeper) => {
    if (found.kind !== 'ticket' || !gatekeeper.worksAt(found.ticket.parkId)) return true;
    const { parkId, visitDate } = found.ticket;
    const date = decidedOffline ? dayAtGate(found.ticket, found.claims) : visitDate;
    return (await homeOf(parkId, date)) === nodeId;
  };
