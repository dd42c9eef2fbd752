import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { keepTickets, keptTicket, keptTickets, type KeptTicket } from '../kept/kept.ts';
import { allParks } from '../parks/parks.ts';

export type Ticket = components['schemas']['Ticket'];

export type Shown = KeptTicket & {
  /** From what is kept here, as the node was not reached. */
  readonly isKept: boolean;
};

async function shownOf(ticket: Ticket): Promise<Shown> {
  const parks = await allParks();
  const park = parks.ok ? parks.value.find(({ id }) => id === ticket.park_id) : undefined;
  const place = park === undefined ? null : { name: park.name, address: park.address };
  return { id: ticket.id, ticket, place, savedAt: new Date().toISOString(), isKept: false };
}

const forKeeping = (shown: readonly Shown[]): readonly KeptTicket[] =>
  shown.map(({ id, ticket, place, savedAt }) => ({ id, ticket, place, savedAt }));

const isOutOfReach = (status: number): boolean => status === 0 || status >= 500;

const byNewest = (one: KeptTicket, other: KeptTicket): number =>
  other.ticket.created_at.localeCompare(one.ticket.created_at);

const PAGE = 20;

export type TicketPage = { readonly items: readonly Shown[]; readonly next: string | null };

/** A page of the guest's tickets, newest first; what is kept here when the node is out of reach. */
export async function loadTickets(cursor: string | null): Promise<Outcome<TicketPage>> {
  const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
  const found = await outcomeOf(api.GET('/api/v1/tickets', { params: { query } }));
  if (found.ok) {
    const items = await Promise.all(found.value.items.map(shownOf));
    await keepTickets(forKeeping(items));
    return { ok: true, value: { items, next: found.value.next_cursor } };
  }
  const kept = cursor === null && isOutOfReach(found.problem.status) ? await keptTickets() : [];
  if (kept.length === 0) return found;
  const items = kept.toSorted(byNewest).map((one) => ({ ...one, isKept: true }));
  return { ok: true, value: { items, next: null } };
}

/** What is kept of a ticket, which is here at once on the slowest network. */
export async function keptNow(id: string): Promise<Shown | null> {
  const kept = await keptTicket(id);
  return kept === undefined ? null : { ...kept, isKept: true };
}

/** One ticket, or what is kept of it when the node is out of reach. */
export async function loadTicket(id: string): Promise<Outcome<Shown>> {
  const found = await outcomeOf(api.GET('/api/v1/tickets/{id}', { params: { path: { id } } }));
  if (found.ok) {
    const shown = await shownOf(found.value);
    await keepTickets(forKeeping([shown]));
    return { ok: true, value: shown };
  }
  if (!isOutOfReach(found.problem.status)) return found;
  const kept = await keptNow(id);
  return kept === null ? found : { ok: true, value: kept };
}
