import { Type, type Static } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, nullable, oneOf, text } from '../../../infrastructure/http/schemas.ts';
import type { NodeLine } from '../application/node-list.ts';

export const nodeName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,49}$',
  maxLength: 50,
  description: 'What the node is called, as its `SKYPARK_NODE_ID` says',
  example: 'park-ala-archa',
});
export const parkSlug = text(50, { description: 'Slug of the park', example: 'ala-archa' });

const whole = (description: string) => Type.Integer({ description });

const IncarnationItem = Type.Object({
  incarnation: Type.String(),
  closed: nullable(
    Type.Object({
      seq: whole('The last of its events that is taken'),
      link: Type.String(),
      why: oneOf(['succeeded', 'replaced', 'revoked']),
    }),
  ),
  successor: nullable(Type.String()),
});

export const NodeItem = Type.Object(
  {
    id: Type.String(),
    park_id: Type.String(),
    status: oneOf(['invited', 'enrolled', 'revoked']),
    invited_at: instant(),
    code_expires_at: instant('When the code ends that enrols it'),
    enrolled_at: nullable(instant()),
    revoked_at: nullable(instant()),
    key_id: nullable(Type.String({ description: 'Of the key that it signs with' })),
    old_key_id: nullable(Type.String({ description: 'Of the key before, while it is still good beside the new one' })),
    home_from: nullable(Type.String({ description: 'The first day on which it is at home in its park' })),
    incarnations: Type.Array(IncarnationItem),
    contact: nullable(
      Type.Object({
        at: instant('When it was heard last'),
        verdict: Type.String({ description: 'What it was told' }),
        trouble: nullable(Type.String({ description: 'What was wrong, for a person' })),
        app_version: Type.String({ description: 'Version of its program' }),
        protocol: whole('Version of the protocol that was spoken'),
        knows_same_events: Type.Boolean({
          description:
            'Whether its program knows the same types of events as that of headquarters; if not, one of both is older',
        }),
        incarnation: Type.String(),
        head: whole('How many events it has written'),
        accepted: whole('How many of them headquarters has'),
        backlog: whole('How many are still to come'),
        feed_lag: whole('How far it is behind with what it is told'),
        clock_offset_ms: whole('How far its clock is ahead, in milliseconds'),
        parked: Type.Array(
          Type.Object({
            subscription: Type.String({ description: 'Which part of its program could not handle them' }),
            events: whole('How many, those that wait behind another among them'),
            since: instant('When the oldest of them was put aside'),
          }),
          { description: 'Events that it could not handle: a person has to settle them there' },
        ),
      }),
    ),
    copies: Type.Array(
      Type.Object({
        at: instant('When it was heard last'),
        verdict: Type.String({ description: 'What it was told' }),
        trouble: nullable(Type.String({ description: 'Why, for a person' })),
        incarnation: Type.String(),
      }),
      { description: 'Machines that run under its name beside it, or in whose place it goes on: to be switched off' },
    ),
    quarantined: whole('Segments of it that a person has to look at'),
  },
  { $id: 'Node', description: 'The node of a park' },
);

export const nodeExample = {
  id: 'park-ala-archa',
  park_id: 'ala-archa',
  status: 'enrolled',
  invited_at: '2026-12-04T03:00:00.000Z',
  code_expires_at: '2026-12-04T04:00:00.000Z',
  enrolled_at: '2026-12-04T03:10:00.000Z',
  revoked_at: null,
  key_id: '5f1c20ab',
  old_key_id: null,
  home_from: '2026-12-05',
  incarnations: [{ incarnation: '5d0a4c62-9f2e-4f0b-8a55-3a1a3a4c7b10', closed: null, successor: null }],
  contact: {
    at: '2026-12-05T06:00:00.000Z',
    verdict: 'ok',
    trouble: null,
    app_version: '0.1.0',
    protocol: 2,
    knows_same_events: true,
    incarnation: '5d0a4c62-9f2e-4f0b-8a55-3a1a3a4c7b10',
    head: 1204,
    accepted: 1200,
    backlog: 4,
    feed_lag: 0,
    clock_offset_ms: -12,
    parked: [{ subscription: 'flow.purchase', events: 2, since: '2026-12-05T05:58:00.000Z' }],
  },
  copies: [],
  quarantined: 0,
};

const orNull = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));

const inForce = ({ keys }: NodeLine['node']): readonly string[] =>
  keys.filter(({ until }) => until === null).map(({ keyId }) => keyId);

export const toNodeItem = ({ node, contact, copies, homeFrom, quarantined }: NodeLine): Static<typeof NodeItem> => ({
  id: node.nodeId,
  park_id: node.parkId,
  status: node.status,
  invited_at: toInstant(node.invitedAtMs),
  code_expires_at: toInstant(node.codeExpiresAtMs),
  enrolled_at: orNull(node.enrolledAtMs),
  revoked_at: orNull(node.revokedAtMs),
  key_id: inForce(node)[0] ?? null,
  old_key_id: inForce(node)[1] ?? null,
  home_from: homeFrom,
  incarnations: node.incarnations.map(({ incarnation, closed, successor }) => ({ incarnation, closed, successor })),
  contact:
    contact === null
      ? null
      : {
          at: toInstant(contact.atMs),
          verdict: contact.verdict,
          trouble: contact.trouble,
          app_version: contact.appVersion,
          protocol: contact.protocol,
          knows_same_events: contact.knowsSameTypes,
          incarnation: contact.incarnation,
          head: contact.headSeq,
          accepted: contact.acceptedSeq,
          backlog: Math.max(0, contact.headSeq - contact.acceptedSeq),
          feed_lag: contact.feedLag,
          clock_offset_ms: contact.clockOffsetMs,
          parked: contact.parked.map(({ subscription, events, sinceMs }) => ({
            subscription,
            events,
            since: toInstant(sinceMs),
          })),
        },
  copies: copies.map(({ atMs, verdict, trouble, incarnation }) => ({
    at: toInstant(atMs),
    verdict,
    trouble,
    incarnation,
  })),
  quarantined,
});
