import { Type } from 'typebox';
import { hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { GateBundle, HeardOf, ReadGateBundle } from '../application/gate-bundle.ts';
import { GATE_ROLES, gatekeeperOf, GateTicket, gateTicketExample, toGateTicket } from './gate-ticket-schema.ts';

/** Most tickets of one answer, and how many without a wish. */
const MOST_TICKETS = 200;

const Bundle = Type.Object(
  {
    park_id: Type.String({ example: 'ala-archa' }),
    today: date('The day in the time zone of the park; what a gate holds of days before it may go'),
    not_home: Type.Array(date(), {
      description:
        'Of today and tomorrow, the days whose gates another node serves: ask that one. None of them is in `allowances`',
    }),
    as_of: instant('When this was true'),
    keys: Type.Array(
      Type.Object({
        kid: Type.String({ description: 'As a code names it: its second to fifth byte, in hexadecimal' }),
        kty: oneOf(['OKP']),
        crv: oneOf(['Ed25519']),
        x: Type.String({ description: 'The public key, 32 bytes as base64url' }),
      }),
      { description: 'All keys whose codes are good; a code of any other is not' },
    ),
    allowances: Type.Array(Type.String(), {
      description: 'For a device: how many it may let in alone, today and tomorrow, signed by one of the keys',
    }),
    revocations_as_of: nullable(
      instant(
        'When this node last heard of headquarters what was revoked: show how old it is; null before the first time',
      ),
    ),
    revocations: Type.Array(
      Type.Object({
        ticket_id: uuid(),
        visit_date: date('The day on which nobody comes in by it any more'),
        reason: oneOf(['cancelled', 'voided', 'moved']),
      }),
      {
        description:
          'Of today and all days to come; they stay revoked until `tickets` tells of the same ticket and day',
      },
    ),
    tickets: Type.Array(GateTicket, { description: 'Of today and tomorrow; a later one of the same id is the newer' }),
    next_since: Type.String({ description: '`since` of the next call', example: '2026-12-06.18421' }),
    has_more: Type.Boolean({ description: 'There is more already: call again at once' }),
  },
  { $id: 'GateBundle', description: 'What a gate needs to work where there is no network' },
);

const example = {
  park_id: 'ala-archa',
  today: '2026-12-05',
  not_home: [],
  as_of: '2026-12-05T06:30:00.000Z',
  keys: [{ kid: '9348a1c0', kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
  allowances: [
    'eyJkZXZpY2VJZCI6IjAxOTM2ZjJlLTViN2MtN2MzYS05ZDRlLTJmNmE4YjFjMGQzZSIsImdyZWVuUGVySG91ciI6MzAwfQ.9348a1c0.' +
      '85ApCxJv8hFGSsmvp2VW5g_hTMQFtVgd2ip7qPkS5mHqXo-h7GzL0nUaVc3Jk9tYw1RfB4eD6sZxQmKpOiNuAg',
  ],
  revocations_as_of: '2026-12-05T06:29:58.000Z',
  revocations: [{ ticket_id: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d', visit_date: '2026-12-08', reason: 'moved' }],
  tickets: [gateTicketExample],
  next_since: '2026-12-06.18421',
  has_more: false,
};

const toBundle = ({
  parkId,
  today,
  elsewhere,
  keys,
  allowances,
  revocations,
  tickets,
  heardOf,
  hasMore,
}: GateBundle) => ({
  park_id: parkId,
  today,
  not_home: elsewhere,
  keys: keys.map(({ keyId, x }) => ({ kid: keyId, kty: 'OKP' as const, crv: 'Ed25519' as const, x })),
  allowances,
  revocations: revocations.flatMap(({ ticketId, visitDate, revokedAs }) =>
    revokedAs === null ? [] : [{ ticket_id: ticketId, visit_date: visitDate, reason: revokedAs }],
  ),
  tickets: tickets.map(toGateTicket),
  next_since: `${heardOf.through}.${heardOf.position}`,
  has_more: hasMore,
});

/** What the moments say changes all the time, so the tag is of the rest. */
async function tagOf(content: object, digest: Digest): Promise<string> {
  const bytes = await digest(new TextEncoder().encode(JSON.stringify(content)));
  return `W/"${Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')}"`;
}

/** `since` is checked by its pattern; one that we did not write begins anew or tells less, and harms nobody. */
function toHeardOf(since: string | undefined): HeardOf | null {
  const [through = '', position = ''] = since?.split('.') ?? [];
  return since === undefined ? null : { through, position: Number(position) };
}

/** The one park where somebody works; null when there are several. */
function onlyParkOf({ roles }: Principal): string | null {
  const parks = new Set(roles.filter(({ role }) => role !== 'guest').map(({ parkId }) => parkId));
  const [only = null] = parks;
  return parks.size === 1 ? only : null;
}

type Digest = (bytes: Uint8Array) => Promise<Uint8Array>;

export const gateBundleRoute = (readBundle: ReadGateBundle, digest: Digest) =>
  defineRoute({
    method: 'GET',
    path: '/gate/bundle',
    operationId: 'readGateBundle',
    summary: 'Read what a gate needs without a network',
    description:
      'Keys that check codes, tickets of today and tomorrow, and what was revoked of all days to come; with `since`, what ' +
      'changed after an answer before. A new day is told of whole by itself. Gates call it from time to time while they can.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: GATE_ROLES, devices: true, parkFrom: 'resource' },
    query: Type.Object({
      park_id: Type.Optional(
        text(50, {
          description: 'Slug of the park; a device and staff of one park may leave it out',
          example: 'ala-archa',
        }),
      ),
      since: Type.Optional(
        Type.String({
          pattern: '^\\d{4}-\\d{2}-\\d{2}\\.\\d{1,15}$',
          maxLength: 30,
          description: '`next_since` of the answer before',
        }),
      ),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: MOST_TICKETS,
          description: `Most tickets and revocations, ${MOST_TICKETS} if absent; one more where one was moved`,
        }),
      ),
    }),
    headers: Type.Object({
      'if-none-match': Type.Optional(
        Type.String({ maxLength: 200, description: '`ETag` of the answer to the same question before' }),
      ),
    }),
    responses: {
      200: {
        description: 'A part of the bundle',
        headers: { ETag: 'Of all but its moments, for `If-None-Match`' },
        schema: Bundle,
        example,
      },
      304: { description: 'As before, and still true: only the moments have moved on' },
    },
    problems: ['forbidden', 'not_home', 'validation_failed'],
    async handle({ query, headers, principal }) {
      const parkId = query.park_id ?? onlyParkOf(principal);
      if (parkId === null) {
        return problem('validation_failed', { errors: [{ path: 'park_id', message: 'must name one of your parks' }] });
      }
      if (!hasRoleAt(principal, GATE_ROLES, parkId)) return problem('forbidden');
      const limit = query.limit ?? MOST_TICKETS;
      const deviceId = principal.kind === 'device' ? principal.userId : null;
      const since = toHeardOf(query.since);
      const bundle = await readBundle({ parkId, deviceId, since, limit }, gatekeeperOf(principal));
      if (!bundle.ok) return problem(bundle.refusal.code);
      const content = toBundle(bundle.value);
      const etag = await tagOf(content, digest);
      if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
      const { asOfMs, revocationsAsOfMs: heardMs } = bundle.value;
      const moments = { as_of: toInstant(asOfMs), revocations_as_of: heardMs === null ? null : toInstant(heardMs) };
      return { status: 200, headers: { etag }, body: { ...content, ...moments } };
    },
  });
