import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { LookUpGuest } from '../application/look-up-guest.ts';

const Guest = Type.Object(
  {
    id: uuid(),
    name: Type.String(),
    phone_verified: Type.Boolean(),
    tickets: Type.Integer({ description: 'How many the guest has ever had' }),
  },
  { $id: 'Guest' },
);

const guestExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  name: 'Айгүл',
  phone_verified: true,
  tickets: 3,
};

export const lookUpGuestRoute = (lookUpGuest: LookUpGuest) =>
  defineRoute({
    method: 'GET',
    path: '/admin/guests',
    operationId: 'lookUpGuest',
    summary: 'The guest with exactly this phone',
    description: 'There is no list of all guests. Every look-up is on record.',
    tag: 'users',
    access: { kind: 'roles', roles: ['manager', 'admin'] },
    query: Type.Object({ phone: text(40, { description: 'A mobile number in any spelling', example: '0555123456' }) }),
    responses: {
      200: {
        description: 'The guest, or nobody',
        schema: Type.Object({ items: Type.Array(Guest) }, { $id: 'GuestsFound' }),
        example: { items: [guestExample] },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal, correlationId }) {
      const meta = { actor: principal.actor, correlationId };
      const found = await lookUpGuest(principal.userId, query.phone, meta);
      if (!found.ok) {
        const message = 'must be a mobile number';
        return problem('validation_failed', { errors: [{ path: 'phone', message }] });
      }
      if (found.value === null) return { status: 200, body: { items: [] } };
      const { userId: id, name, phoneVerified, tickets } = found.value;
      return { status: 200, body: { items: [{ id, name, phone_verified: phoneVerified, tickets }] } };
    },
  });
