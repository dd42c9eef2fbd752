import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { formatSom } from '../../../kernel/money.ts';
import { parseDate } from '../../../kernel/time.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, money, nullable, pageOf, pageQuery, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { AfterTicket, SearchTickets } from '../application/search-tickets.ts';
import { firstNameOf } from '../application/ticket-facts.ts';
import type { TicketView } from '../application/ticket-view.ts';
import {
  ageBandWord,
  Cancelled,
  parkSlug,
  ticketExample,
  TicketRefund,
  ticketStatus,
  ticketType,
  toCancelled,
  toTicketRefund,
} from './ticket-schema.ts';

const StaffTicket = Type.Object(
  {
    id: uuid(),
    user_id: nullable(uuid('Null for a ticket sold at the desk')),
    park_id: Type.String(),
    ticket_type: ticketType,
    visit_date: date(),
    qr_code: Type.String(),
    status: ticketStatus,
    price: money(),
    paid: money('Money received and not given back by a move; 0.00 while unpaid'),
    children: Type.Array(
      Type.Object({
        first_name: nullable(Type.String({ description: 'Null when nobody gave it, or once the guest was erased' })),
        age_band: ageBandWord,
      }),
    ),
    adults: Type.Integer(),
    people: Type.Integer({ description: 'The whole party' }),
    remaining: Type.Integer({ description: 'People who may still enter' }),
    created_at: instant(),
    used_at: nullable(instant()),
    moved_from: nullable(date('The day it was moved from')),
    cancelled: nullable(Cancelled),
    refund: nullable(TicketRefund),
  },
  { $id: 'StaffTicket' },
);

const staffTicketExample = {
  id: ticketExample.id,
  user_id: ticketExample.user_id,
  park_id: 'ala-archa',
  ticket_type: 'single',
  visit_date: '2026-12-05',
  qr_code: ticketExample.qr_code,
  status: 'active',
  price: '350.00',
  paid: '350.00',
  children: [{ first_name: 'Aibek', age_band: '3-6' }],
  adults: 1,
  people: 2,
  remaining: 2,
  created_at: '2026-12-01T06:00:00.000Z',
  used_at: null,
  moved_from: null,
  cancelled: null,
  refund: null,
};

const toStaffTicket = (view: TicketView) => ({
  id: view.ticketId,
  user_id: view.userId,
  park_id: view.parkId,
  ticket_type: view.ticketType,
  visit_date: view.visitDate,
  qr_code: view.qrCode,
  status: view.status,
  price: formatSom(view.priceTyiyn),
  paid: formatSom(view.paidTyiyn),
  children: view.children.map((child) => ({ first_name: firstNameOf(child.name), age_band: child.ageBand })),
  adults: view.adults,
  people: view.places,
  remaining: view.remaining,
  created_at: toInstant(view.createdAtMs),
  used_at: view.usedAtMs === null ? null : toInstant(view.usedAtMs),
  moved_from: view.movedFrom,
  cancelled: toCancelled(view.cancelled),
  refund: toTicketRefund(view.refund),
});

const keyOf = ({ visitDate, ticketId }: AfterTicket): string => `${visitDate}/${ticketId}`;

/** Null for a key that no ticket has. */
function afterOf(key: string): AfterTicket | null {
  const [visitDate = '', ticketId = ''] = key.split('/');
  return parseDate(visitDate) === null || !isUuid(ticketId) ? null : { visitDate, ticketId };
}

const BAD_PHONE = problem('validation_failed', { errors: [{ path: 'phone', message: 'must be a mobile number' }] });

export const searchTicketsRoute = (searchTickets: SearchTickets) =>
  defineRoute({
    method: 'GET',
    path: '/admin/tickets',
    operationId: 'searchTickets',
    summary: 'Tickets of your park, the latest visit first',
    description:
      'What is asked for narrows the list. Without `park_id` all parks, for an admin. Children are named by their first name alone. A search by `phone` is on record as a look-up of the guest, for the park that was named.',
    tag: 'staff',
    access: { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'query.park_id' },
    query: Type.Object({
      ...pageQuery,
      park_id: Type.Optional(parkSlug),
      visit_date: Type.Optional(date('Day of the visit')),
      status: Type.Optional(ticketStatus),
      qr_code: Type.Optional(text(64, { description: 'The whole `qr_code`', example: ticketExample.qr_code })),
      ticket_id: Type.Optional(uuid()),
      phone: Type.Optional(
        text(40, { description: 'The mobile number of a guest in any spelling', example: '0555123456' }),
      ),
    }),
    responses: {
      200: {
        description: 'A page of tickets',
        schema: pageOf(StaffTicket),
        example: { items: [staffTicketExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal, correlationId }) {
      const { park_id: parkId, visit_date: visitDate, status, qr_code: qrCode, ticket_id: ticketId, phone } = query;
      const search = { parkId, visitDate, status, qrCode, ticketId, phone };
      const meta = { actor: principal.actor, correlationId, ...(parkId === undefined ? {} : { parkId }) };
      const staff = { staffId: principal.userId, meta };
      let isBadPhone = false;
      const page = await readPage('admin-tickets', query, keyOf, async (key, limit) => {
        const after = key === null ? null : afterOf(key);
        if (key !== null && after === null) return null;
        const found = await searchTickets(search, { after, limit }, staff);
        isBadPhone = !found.ok;
        return found.ok ? found.value : [];
      });
      if (isBadPhone) return BAD_PHONE;
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toStaffTicket), next_cursor: page.value.next } };
    },
  });
