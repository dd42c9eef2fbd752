import { Type } from 'typebox';
import type { Principal } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable, oneOf, text } from '../../../infrastructure/http/schemas.ts';
import type { ValidateTicket } from '../application/validate-ticket.ts';
import { GATE_ROLES, gatekeeperOf, GateTicket, gateTicketExample, toGateTicket } from './gate-ticket-schema.ts';

/** Also what the router lets through; the longest admission code has 190 characters. */
const LONGEST_CODE = 300;

const Validation = Type.Object(
  {
    valid: Type.Boolean({ description: 'Whether somebody of the party would come in now by the admission code' }),
    reason: nullable(
      oneOf(
        [
          'bad_signature',
          'revoked',
          'wrong_park',
          'wrong_date',
          'cancelled',
          'not_paid',
          'expired',
          'already_used',
          'park_full',
          'not_home',
        ],
        'The first reason that holds; null when valid. `not_home`: nothing speaks against it, but who came in by it only the node knows that serves its gates',
      ),
    ),
    ticket: nullable(GateTicket),
  },
  { $id: 'TicketValidation' },
);

const responses = {
  200: {
    description: 'What a scan would come to. `ticket` is null when the signature is bad.',
    schema: Validation,
    example: { valid: true, reason: null, ticket: { ...gateTicketExample, status: 'active', remaining: 4 } },
  },
} as const;

const access = { kind: 'roles', roles: GATE_ROLES, devices: true } as const;

async function answer(validateTicket: ValidateTicket, code: string, principal: Principal) {
  const validation = await validateTicket(code, gatekeeperOf(principal));
  if (validation === null) return problem('ticket_not_found');
  const { reason, ticket } = validation;
  const body = { valid: reason === null, reason, ticket: ticket === null ? null : toGateTicket(ticket) };
  return { status: 200, body } as const;
}

export const validateByPathRoute = (validateTicket: ValidateTicket) =>
  defineRoute({
    method: 'GET',
    path: '/tickets/validate/:qr_code',
    operationId: 'validateTicketByCode',
    summary: 'Look at a ticket at the gate',
    description:
      'Takes a `qr_code` or an admission code and changes nothing. Prefer the POST: addresses end up in logs.',
    tag: 'gate',
    servedAt: 'everywhere',
    access,
    limits: ['gate'],
    params: Type.Object({
      qr_code: text(LONGEST_CODE, {
        description: 'A `qr_code` or an admission code',
        example: 'q3Jx0v1mT8uZr5cWk2bN7A',
      }),
    }),
    responses,
    problems: ['ticket_not_found'],
    handle: ({ params, principal }) => answer(validateTicket, params.qr_code, principal),
  });

export const validateTicketRoute = (validateTicket: ValidateTicket) =>
  defineRoute({
    method: 'POST',
    path: '/tickets/validate',
    operationId: 'validateTicket',
    summary: 'Look at a ticket at the gate',
    description: 'Takes a `qr_code` or an admission code and changes nothing.',
    tag: 'gate',
    servedAt: 'everywhere',
    access,
    stepUp: 'none',
    limits: ['gate'],
    body: Type.Object({
      code: text(LONGEST_CODE, { description: 'A `qr_code` or an admission code', example: 'q3Jx0v1mT8uZr5cWk2bN7A' }),
    }),
    bodyExample: { code: 'p3Vt0mXJ8QmYc1Zr4uKdWA' },
    responses,
    problems: ['ticket_not_found'],
    handle: ({ body, principal }) => answer(validateTicket, body.code, principal),
  });
