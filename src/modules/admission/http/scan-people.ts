import { Type } from 'typebox';
import { fromInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Scan, ScanAnswer } from '../application/scan-answer.ts';
import type { ScanPeople } from '../application/scan-people.ts';
import { GATE_ROLES, gatekeeperOf, GateTicket, gateTicketExample, toGateTicket } from './gate-ticket-schema.ts';

/** Most scans of one call: what a gate that was cut off sends at a time. */
const MOST_SCANS = 500;
/** People hold all kinds of codes before a scanner; what is no ticket of ours is answered, not refused. */
const LONGEST_CODE = 1_000;
const BODY_LIMIT_BYTES = 1024 * 1024;

const OUTCOMES = [
  'admitted',
  'exited',
  'already_used',
  'partly_used',
  'not_paid',
  'cancelled',
  'revoked',
  'wrong_date',
  'wrong_park',
  'expired',
  'bad_signature',
  'unknown',
  'park_full',
] as const;

const ScanInput = Type.Object({
  scan_id: uuid('Made by the gate, one for each scan; sent again, the scan gets its first answer'),
  code: text(LONGEST_CODE, { description: 'An admission code or a `qr_code`', example: 'p3Vt0mXJ8QmYc1Zr4uKdWA' }),
  direction: oneOf(['in', 'out']),
  people: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'How many pass; absent: all who may', example: 2 }),
  ),
  scanned_at: instant('When it was scanned by the clock of the gate'),
  gate: text(50, { description: 'Name of the gate', example: 'main' }),
});

const ScanResult = Type.Object(
  {
    scan_id: uuid(),
    outcome: oneOf(OUTCOMES),
    people_admitted: Type.Integer({ description: 'How many came in by this scan' }),
    people_exited: Type.Integer({ description: 'How many went out by this scan' }),
    remaining: Type.Integer({ description: 'How many of the party may still come in' }),
    repeated: Type.Boolean({ description: 'The scan counted before; this is its first answer' }),
    ticket: nullable(GateTicket),
  },
  { $id: 'ScanResult' },
);

const example = {
  scan_id: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
  outcome: 'admitted',
  people_admitted: 4,
  people_exited: 0,
  remaining: 0,
  repeated: false,
  ticket: gateTicketExample,
};

const toResult = ({ scanId, outcome, people, remaining, repeated, ticket }: ScanAnswer) => ({
  scan_id: scanId,
  outcome,
  people_admitted: outcome === 'admitted' ? people : 0,
  people_exited: outcome === 'exited' ? people : 0,
  remaining,
  repeated,
  ticket: ticket === null ? null : toGateTicket(ticket),
});

export const scanPeopleRoute = (scanPeople: ScanPeople) =>
  defineRoute({
    method: 'POST',
    path: '/gate/scans',
    operationId: 'scanPeople',
    summary: 'Count people in and out',
    description:
      'Every scan is decided by itself and answered in its place; those of one ticket in the order sent. ' +
      'Nobody passes by a scan that asks for more people than may pass (`partly_used`).',
    tag: 'gate',
    access: { kind: 'roles', roles: GATE_ROLES },
    body: Type.Object({ scans: Type.Array(ScanInput, { minItems: 1, maxItems: MOST_SCANS }) }),
    bodyExample: {
      scans: [
        {
          scan_id: example.scan_id,
          code: gateTicketExample.qr_code,
          direction: 'in',
          scanned_at: '2026-12-05T06:30:00.000Z',
          gate: 'main',
        },
      ],
    },
    bodyLimitBytes: BODY_LIMIT_BYTES,
    responses: {
      200: {
        description: 'A result for each scan, in order',
        schema: Type.Object({ results: Type.Array(ScanResult) }),
        example: { results: [example] },
      },
    },
    problems: ['validation_failed'],
    async handle({ body, principal, correlationId }) {
      const scans: Scan[] = [];
      for (const [index, { scan_id: scanId, scanned_at: scannedAt, ...rest }] of body.scans.entries()) {
        const scannedAtMs = fromInstant(scannedAt);
        if (scannedAtMs === null) {
          const errors = [{ path: `scans.${index}.scanned_at`, message: 'is not a moment' }];
          return problem('validation_failed', { errors });
        }
        scans.push({
          scanId,
          scannedAtMs,
          people: rest.people,
          code: rest.code,
          direction: rest.direction,
          gate: rest.gate,
        });
      }
      const answers = await scanPeople(scans, gatekeeperOf(principal), correlationId);
      return { status: 200, body: { results: answers.map(toResult) } };
    },
  });
