import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { JoinWaitlist } from '../application/join-waitlist.ts';
import { toVisit, VisitBody, visitExample, visitProblem, visitProblems } from './ticket-schema.ts';
import { toWaitlistEntry, WaitlistEntry, waitlistExample } from './waitlist-schema.ts';

/** Price and discounts are those of the moment of the offer, so none is named here. */
const { promo_code: _promoCode, points: _points, ticket_type: _type, pass_id: _pass, ...party } = VisitBody.properties;

export const joinWaitlistRoute = (joinWaitlist: JoinWaitlist) =>
  defineRoute({
    method: 'POST',
    path: '/waitlist',
    operationId: 'joinWaitlist',
    summary: 'Wait for places of a full day',
    description:
      'Places that come free are offered in the order parties joined; a party that does not fit keeps its turn. An offer is a ' +
      'ticket that holds the places for half an hour, at the price of that moment. While a party waits that would fit, the day ' +
      'is sold through offers only.',
    tag: 'tickets',
    access: { kind: 'user' },
    idempotency: 'optional',
    body: Type.Object(party, { $id: 'WaitlistRequest' }),
    bodyExample: visitExample,
    responses: { 201: { description: 'The entry', schema: WaitlistEntry, example: waitlistExample } },
    problems: [...visitProblems, 'places_available', 'already_waiting', 'too_many_waiting', 'phone_not_verified'],
    async handle({ body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const joined = await joinWaitlist(toVisit(body, principal.userId), meta);
      if (joined.ok) return { status: 201, body: toWaitlistEntry(joined.value) };
      const { refusal } = joined;
      switch (refusal.code) {
        case 'places_available':
          return problem('places_available', { extra: { remaining: refusal.remaining } });
        case 'too_many_waiting':
          return problem('too_many_waiting', { extra: { most: refusal.most } });
        case 'already_waiting':
        case 'phone_not_verified':
          return problem(refusal.code);
        default:
          return visitProblem(refusal);
      }
    },
  });
