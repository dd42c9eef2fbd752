import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { date, instant, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { WaitlistView } from '../application/waitlist.ts';
import { parkSlug } from './ticket-schema.ts';

export const WaitlistEntry = Type.Object(
  {
    id: uuid(),
    park_id: parkSlug,
    visit_date: date(),
    people: Type.Integer({ description: 'The whole party' }),
    status: oneOf(
      ['waiting', 'offered', 'fulfilled', 'missed', 'left', 'over'] as const,
      '`offered`: the ticket holds the places until `offered_until` and waits for its payment; `missed`: it was not paid in time; `over`: the day came',
    ),
    ahead: Type.Integer({ description: 'Parties that joined earlier and still wait' }),
    ticket_id: nullable(uuid()),
    offered_until: nullable(instant()),
    joined_at: instant(),
  },
  { $id: 'WaitlistEntry' },
);

export const waitlistExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'ala-archa',
  visit_date: '2026-12-05',
  people: 3,
  status: 'waiting',
  ahead: 4,
  ticket_id: null,
  offered_until: null,
  joined_at: '2026-12-01T06:00:00.000Z',
} as const;

export const toWaitlistEntry = (view: WaitlistView) => ({
  id: view.entryId,
  park_id: view.parkId,
  visit_date: view.visitDate,
  people: view.places,
  status: view.status,
  ahead: view.ahead,
  ticket_id: view.ticketId,
  offered_until: view.offeredUntilMs === null ? null : toInstant(view.offeredUntilMs),
  joined_at: toInstant(view.joinedAtMs),
});
