import { Type, type Static } from 'typebox';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { hasRole } from '../../../infrastructure/http/access.ts';
import { fromInstant, toInstant } from '../../../infrastructure/http/instant.ts';
import { problem, type FieldError } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Scan, ScanAnswer } from '../application/scan-answer.ts';
import type { CompareHeads } from '../application/witnesses.ts';
import type { ScanPeople } from '../application/scan-people.ts';
import {
  GATE_ROLES,
  gatekeeperOf,
  GateTicket,
  gateTicketExample,
  MANAGER_ROLES,
  toGateTicket,
} from './gate-ticket-schema.ts';
import { NodeHead, nodeHeadFor, WitnessInput } from './node-head.ts';

/** Most scans of one call: what a gate that was cut off sends at a time. */
export const MOST_SCANS = 500;
/** People hold all kinds of codes before a scanner; what is no ticket of ours is answered, not refused. */
export const LONGEST_CODE = 1_000;
export const BODY_LIMIT_BYTES = 1024 * 1024;

export const exampleCode =
  'AYlBR70Bk28uW3x8Op1OL2qLHA0-UTgEALQDZmFsYS1hcmNoYfPelr-14eokOtvH9em5Xfa-Vd0f5dLJ4gJGvDjcsY2eo65qGDQwYDG8kvAUOm32bTWNSzWYjp7XRbHNuTzuBQc';

export const NO_NAME = 'must have a letter or a digit, and no line ends';

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
  'not_home',
] as const;

const ScanInput = Type.Object({
  scan_id: uuid('Made by the gate, one for each scan; sent again, the scan gets its first answer'),
  code: text(LONGEST_CODE, {
    description: 'An admission code. A `qr_code` lets nobody in (`bad_signature`); on the way out it will do.',
    example: exampleCode,
  }),
  direction: oneOf(['in', 'out']),
  people: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'How many pass; absent: all who may', example: 2 }),
  ),
  scanned_at: instant(
    'When it was scanned by the clock of the gate; taken as not after the call, not before the ticket was made, and going ' +
      'out as not before the last coming in',
  ),
  gate: text(50, { description: 'Name of the gate', example: 'main' }),
  decided_offline: Type.Optional(
    Type.Boolean({
      description:
        'The gate was cut off and has let in `people` by the code alone. With a code that is truly signed for this park all of them count, ' +
        'however late they are told and whatever the clocks say, also where the same `scan_id` was answered for fewer or none and the ' +
        'answer was lost; where the ticket was not good for all of them, was cancelled, or had been moved to another day (`revoked`), ' +
        'they count as inside, and `incident_id` names what a manager looks into',
    }),
  ),
  override: Type.Optional(
    Type.Object(
      { reason: text(200, { description: 'Kept with the scan', example: 'Their bus leaves from inside' }) },
      { description: 'A manager of the park lets them in although it is full; goes against nothing but `park_full`' },
    ),
  ),
});

/** The scans of a call, and what is wrong about them beyond their form. */
function toScans(inputs: readonly Static<typeof ScanInput>[]) {
  const scans: Scan[] = [];
  const errors: FieldError[] = [];
  for (const [
    index,
    { scan_id: scanId, scanned_at: scannedAt, code, direction, people, ...rest },
  ] of inputs.entries()) {
    const saidAtMs = fromInstant(scannedAt);
    // Gates are called by the rules of people's names.
    const gate = parsePersonName(rest.gate);
    if (saidAtMs === null) errors.push({ path: `scans.${index}.scanned_at`, message: 'is not a moment' });
    if (gate === null) errors.push({ path: `scans.${index}.gate`, message: NO_NAME });
    const decidedOffline = rest.decided_offline ?? false;
    const isVague = decidedOffline && people === undefined;
    if (isVague) errors.push({ path: `scans.${index}.people`, message: 'must say how many the gate has let in' });
    if (saidAtMs === null || gate === null || isVague) continue;
    scans.push({ scanId, code, direction, people, saidAtMs, gate, override: rest.override ?? null, decidedOffline });
  }
  return { scans, errors };
}

export const ScanResult = Type.Object(
  {
    scan_id: uuid(),
    outcome: oneOf(
      OUTCOMES,
      '`not_home`: another node serves the gates of this ticket’s day; nothing was counted, and the scan is for that node',
    ),
    people_admitted: Type.Integer({ description: 'How many came in by this scan' }),
    people_exited: Type.Integer({ description: 'How many went out by this scan' }),
    remaining: Type.Integer({ description: 'How many of the party may still come in' }),
    incident_id: nullable(uuid('Where people came in whom the ticket was not good for')),
    repeated: Type.Boolean({ description: 'The scan was answered before; this is its first answer' }),
    known_here: Type.Boolean({
      description:
        'False at a node that was not told of the ticket yet, or of its payment or its new day: it goes by the signed code, and gates show ' +
        'it in amber',
    }),
    ticket: nullable(GateTicket),
    first_admitted: nullable(
      Type.Object(
        { at: instant(), gate: text(50, { description: 'Name of the gate', example: 'main' }) },
        {
          description:
            'With `already_used` and `partly_used`: when and where the first of the party came in, as far as is known now',
        },
      ),
    ),
  },
  { $id: 'ScanResult' },
);

export const scanExample = {
  scan_id: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
  outcome: 'admitted',
  people_admitted: 4,
  people_exited: 0,
  remaining: 0,
  incident_id: null,
  repeated: false,
  known_here: true,
  ticket: gateTicketExample,
  first_admitted: null,
};

export const toScanResult = ({
  scanId,
  outcome,
  people,
  remaining,
  incidentId,
  repeated,
  knownHere,
  ticket,
  firstAdmitted,
}: ScanAnswer) => ({
  scan_id: scanId,
  outcome,
  people_admitted: outcome === 'exited' ? 0 : people,
  people_exited: outcome === 'exited' ? people : 0,
  remaining,
  incident_id: incidentId,
  repeated,
  known_here: knownHere,
  ticket: ticket === null ? null : toGateTicket(ticket),
  first_admitted: firstAdmitted === null ? null : { at: toInstant(firstAdmitted.atMs), gate: firstAdmitted.gate },
});

export const scanPeopleRoute = (scanPeople: ScanPeople, compareHeads: CompareHeads) =>
  defineRoute({
    method: 'POST',
    path: '/gate/scans',
    operationId: 'scanPeople',
    summary: 'Count people in and out',
    description:
      'Every scan is decided by itself and answered in its place; those of one ticket in the order sent. ' +
      'Nobody passes by a scan that asks for more people than may pass (`partly_used`). A scan keeps its first answer, a ' +
      'refusal too: whoever may pass since then needs a new scan with a new `scan_id`. Only a gate that let people in without the ' +
      'answer (`decided_offline`) is answered anew, for those whom the first answer left out. A scan that arrives more than seven ' +
      'days late is `expired`, unless the gate has let them in (`decided_offline`). Where another node serves the gates of some of ' +
      'the tickets, those scans are answered `not_home` in their place, and the call as a whole where that holds for all.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: GATE_ROLES, devices: true },
    stepUp: 'none',
    limits: ['gate'],
    counts: { what: 'scans', of: ({ scans }) => scans.length },
    body: Type.Object({
      scans: Type.Array(ScanInput, { minItems: 1, maxItems: MOST_SCANS }),
      witness: WitnessInput,
    }),
    bodyExample: {
      scans: [
        {
          scan_id: scanExample.scan_id,
          code: exampleCode,
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
        schema: Type.Object({ results: Type.Array(ScanResult), node: NodeHead }),
        example: { results: [scanExample] },
      },
    },
    problems: ['validation_failed', 'forbidden', 'not_home'],
    async handle({ body, principal, correlationId }) {
      const isInsisting = body.scans.some(({ override }) => override !== undefined);
      if (isInsisting && !hasRole(principal, MANAGER_ROLES)) return problem('forbidden');
      const { scans, errors } = toScans(body.scans);
      if (errors.length > 0) return problem('validation_failed', { errors });
      const answers = await scanPeople(scans, gatekeeperOf(principal), correlationId);
      if (answers.every(({ outcome }) => outcome === 'not_home')) return problem('not_home');
      const node = await nodeHeadFor(principal, body.witness, compareHeads, correlationId);
      return { status: 200, body: { results: answers.map(toScanResult), ...node } };
    },
  });
