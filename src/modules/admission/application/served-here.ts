import { dayAtGate } from '../domain/gate-check.ts';
import type { FoundTicket } from './find-ticket.ts';
import type { Gatekeeper } from './gate-ticket.ts';
import type { GatesOf } from './ports.ts';
import type { Scan } from './scan-answer.ts';

/** Of the gates that a scan was made for. */
export type Gates = {
  /** Whether this node may say who comes in: on one day only one node ever does. */
  readonly areHere: boolean;
  /** Nodes that the park has had, each of which may have let somebody in. */
  readonly nodes: readonly string[];
};

/** What is no ticket, or one of another park, is refused by whoever is asked. */
export type LookAtGates = (
  scan: Pick<Scan, 'decidedOffline'>,
  found: FoundTicket,
  gatekeeper: Gatekeeper,
) => Promise<Gates>;

type Dependencies = { readonly gatesOf: GatesOf; readonly nodeId: string };

export const createLookAtGates =
  ({ gatesOf, nodeId }: Dependencies): LookAtGates =>
  async ({ decidedOffline }, found, gatekeeper) => {
    if (found.kind !== 'ticket' || !gatekeeper.worksAt(found.ticket.parkId)) return { areHere: true, nodes: [] };
    const { parkId, visitDate } = found.ticket;
    const date = decidedOffline ? dayAtGate(found.ticket, found.claims) : visitDate;
    const { home, nodes } = await gatesOf(parkId, date);
    return { areHere: home === nodeId, nodes };
  };
