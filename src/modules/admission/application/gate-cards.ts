import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { GateCard } from '../contract.ts';
import type { GateTicketFacts, Tickets } from './ports.ts';

/** A park asks for the cards of today and of as many days more: so long it can be cut off and still show names. */
const DAYS_AHEAD = 2;
/** Days after the visit for which a gate may still ask whom it let in. */
const DAYS_KEPT = 7;

/** Port: at a park, the cards that its gates have, sealed; not a read model. */
export type GateCardTable = {
  /** Tickets of a park whose visit is between two days and of which nothing was told yet. */
  missing(parkId: string, from: LocalDate, to: LocalDate, limit: number): Promise<readonly string[]>;
  /** `sealed` is null for a card that may not be kept any more. */
  keep(cards: readonly { readonly ticketId: string; readonly sealed: string | null }[]): Promise<void>;
  /** Null when there is none. */
  find(ticketId: string): Promise<string | null>;
  /** Tickets with a card and without a visit on this day or a later one. */
  visitedBefore(day: LocalDate, limit: number): Promise<readonly string[]>;
  drop(ticketIds: readonly string[]): Promise<void>;
};

export type GateCardsOf = (parkId: string, ticketIds: readonly string[]) => Promise<readonly GateCard[]>;

/**
 * At headquarters: the cards of some tickets of a park, for the days on which its gates may show them. Of a ticket of another day or
 * park, or of none, nothing is said: a stolen node learns no more names than lie on its disk.
 */
export const createGateCardsOf =
  ({
    tickets,
    clock,
    zone,
  }: Pick<Dependencies, 'clock' | 'zone'> & { readonly tickets: Pick<Tickets, 'byId'> }): GateCardsOf =>
  async (parkId, ticketIds) => {
    const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
    const [from, to] = [addDays(today, -DAYS_KEPT), addDays(today, DAYS_AHEAD)];
    const found = await Promise.all(ticketIds.map((ticketId) => tickets.byId(ticketId)));
    return found
      .filter((ticket) => ticket?.parkId === parkId && from <= ticket.visitDate && ticket.visitDate <= to)
      .flatMap((ticket) => (ticket === null ? [] : [{ ticketId: ticket.ticketId, children: ticket.children }]));
  };

/** At the node of a park: what its gates may show of people whose names are headquarters' to keep. */
export type GateCards = {
  /** Tickets whose cards have still to be asked for, at most so many. */
  missing(limit: number): Promise<readonly string[]>;
  keep(cards: readonly GateCard[]): Promise<void>;
  childrenOf(ticketId: string): Promise<GateCard['children'] | null>;
  /** Ends the cards of tickets for good: their guest was erased. */
  forget(ticketIds: readonly string[]): Promise<void>;
  /** Ends the cards of visits of more than a week ago; answers how many it looked at. */
  forgetOld(limit: number): Promise<number>;
};

type Dependencies = {
  readonly table: GateCardTable;
  readonly vault: Pick<Vault, 'seal' | 'open' | 'destroy'>;
  readonly ids: Pick<Ids, 'derive'>;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly parkId: string;
};

/** Each card is sealed under a key of its own, which is destroyed with it: what backups still hold then says nothing. */
export function createGateCards({ table, vault, ids, clock, zone, parkId }: Dependencies): GateCards {
  const keyOf = (ticketId: string): string => ids.derive(`gate-card:${ticketId}`);
  const today = (): LocalDate => zone.dateAt(clock.now(), PARKS_TIME_ZONE);
  const destroyKeys = (ticketIds: readonly string[]) => Promise.all(ticketIds.map((id) => vault.destroy(keyOf(id))));
  return {
    missing: (limit) => table.missing(parkId, today(), addDays(today(), DAYS_AHEAD), limit),
    async keep(cards) {
      await table.keep(
        await Promise.all(
          cards.map(async ({ ticketId, children }) => {
            return { ticketId, sealed: await vault.seal(keyOf(ticketId), JSON.stringify(children)) };
          }),
        ),
      );
    },
    async childrenOf(ticketId) {
      const sealed = await table.find(ticketId);
      const text = sealed === null ? null : await vault.open(sealed);
      return text === null ? null : (JSON.parse(text) as GateCard['children']);
    },
    async forget(ticketIds) {
      await destroyKeys(ticketIds);
      // The rows stay until the visits are over, or the cards would be asked for again.
      await table.keep(ticketIds.map((ticketId) => ({ ticketId, sealed: null })));
    },
    async forgetOld(limit) {
      const old = await table.visitedBefore(addDays(today(), -DAYS_KEPT), limit);
      await destroyKeys(old);
      await table.drop(old);
      return old.length;
    },
  };
}

/** Tickets as their seller knows them, with the names that the gates were told where the seller's are sealed elsewhere. */
export function withGateCards(tickets: Tickets, cards: Pick<GateCards, 'childrenOf'>): Tickets {
  const named = async (ticket: GateTicketFacts | null): Promise<GateTicketFacts | null> => {
    if (ticket === null || ticket.children.some(({ firstName }) => firstName !== null)) return ticket;
    return { ...ticket, children: (await cards.childrenOf(ticket.ticketId)) ?? ticket.children };
  };
  return {
    byId: async (ticketId) => named(await tickets.byId(ticketId)),
    byQrCode: async (qrCode) => named(await tickets.byQrCode(qrCode)),
  };
}
