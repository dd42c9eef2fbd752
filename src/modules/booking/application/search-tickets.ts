import type { CommandMeta } from '../../../kernel/command-runner.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { TicketStatus } from '../contract.ts';
import type { LookUpGuest } from './ports.ts';
import type { Tickets, TicketView } from './ticket-view.ts';

/** What a ticket has to be; what is undefined may be anything. */
type Wanted = {
  readonly parkId: string | undefined;
  readonly visitDate: LocalDate | undefined;
  readonly status: TicketStatus | undefined;
};

/** Where the next page begins: after this ticket, in the order of the list. */
export type AfterTicket = { readonly visitDate: LocalDate; readonly ticketId: string };

export type TicketPage = { readonly after: AfterTicket | null; readonly limit: number };

/** Port: tickets of all guests, the latest visit first, from the read model. */
export type ListTickets = (
  wanted: Wanted & { readonly userId: string | undefined },
  page: TicketPage,
) => Promise<readonly TicketView[]>;

export type TicketSearch = Wanted & {
  readonly ticketId: string | undefined;
  readonly qrCode: string | undefined;
  /** A guest's whole number. */
  readonly phone: string | undefined;
};

/** What staff find, the latest visit first. A search by phone is on record as a look-up of the guest before it is answered. */
export type SearchTickets = (
  search: TicketSearch,
  page: TicketPage,
  staff: { readonly staffId: string; readonly meta: CommandMeta },
) => Promise<Result<readonly TicketView[], { readonly code: 'bad_phone' }>>;

type Dependencies = {
  readonly tickets: Pick<Tickets, 'find' | 'findByQrCode'>;
  readonly listTickets: ListTickets;
  readonly lookUpGuest: LookUpGuest;
};

export function createSearchTickets({ tickets, listTickets, lookUpGuest }: Dependencies): SearchTickets {
  /** The one ticket that an id and a code name together; null when there is none. */
  async function named({ ticketId, qrCode }: TicketSearch): Promise<TicketView | null> {
    const found = ticketId === undefined ? await tickets.findByQrCode(qrCode ?? '') : await tickets.find(ticketId);
    return qrCode === undefined || found?.qrCode === qrCode ? found : null;
  }

  return async (search, page, { staffId, meta }) => {
    const { parkId, visitDate, status, ticketId, qrCode, phone } = search;
    const owner = phone === undefined ? undefined : await lookUpGuest(staffId, phone, meta);
    if (owner !== undefined && !owner.ok) return owner;
    const userId = owner?.value;
    if (userId === null) return ok([]);
    const wanted = { parkId, visitDate, status, userId };
    if (ticketId === undefined && qrCode === undefined) return ok(await listTickets(wanted, page));
    const found = await named(search);
    return ok(found !== null && page.after === null && isWanted(found, wanted) ? [found] : []);
  };
}

const isWanted = (view: TicketView, { parkId, visitDate, status, userId }: Parameters<ListTickets>[0]): boolean =>
  (parkId === undefined || view.parkId === parkId) &&
  (visitDate === undefined || view.visitDate === visitDate) &&
  (status === undefined || view.status === status) &&
  (userId === undefined || view.userId === userId);
