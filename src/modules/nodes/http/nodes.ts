import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant } from '../../../infrastructure/http/schemas.ts';
import type { InviteNode } from '../application/invite-node.ts';
import type { KeepNodes } from '../application/keep-nodes.ts';
import type { ListNodes } from '../application/node-list.ts';
import { nodeExample, NodeItem, nodeName, parkSlug, toNodeItem } from './node-schema.ts';

const LOOKING = ['manager', 'admin'] as const;

export const listNodesRoute = (listNodes: ListNodes) =>
  defineRoute({
    method: 'GET',
    path: '/admin/nodes',
    operationId: 'listNodes',
    summary: 'The nodes of parks, and what was heard of them last',
    description: 'Of the parks that one manages; of all for who manages all.',
    tag: 'admin',
    access: { kind: 'roles', roles: LOOKING },
    responses: {
      200: {
        description: 'By park and name',
        schema: Type.Object({ items: Type.Array(NodeItem) }),
        example: { items: [nodeExample] },
      },
    },
    problems: [],
    async handle({ principal }) {
      const lines = await listNodes();
      const shown = lines.filter(({ node }) => hasRoleAt(principal, LOOKING, node.parkId));
      return { status: 200, body: { items: shown.map(toNodeItem) } };
    },
  });

export const inviteNodeRoute = (inviteNode: InviteNode) =>
  defineRoute({
    method: 'POST',
    path: '/admin/nodes',
    operationId: 'inviteNode',
    summary: 'Make a code that enrols the node of a park',
    description:
      'The code is shown here once, enrols one node, and ends after an hour. A node that lost its database or its key is enrolled ' +
      'again under its name: what it wrote before and headquarters does not have is not taken any more.',
    tag: 'admin',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'required',
    body: Type.Object({
      name: nodeName,
      park_id: parkSlug,
      home_from: Type.Optional(
        date(
          'From which day on the park is its own home: the day after the enrolment if absent; today if nobody was let in yet',
        ),
      ),
    }),
    bodyExample: { name: 'park-ala-archa', park_id: 'ala-archa' },
    responses: {
      201: {
        description: 'The node and its code',
        schema: Type.Object({ id: Type.String(), park_id: Type.String(), code: Type.String(), expires_at: instant() }),
        example: {
          id: 'park-ala-archa',
          park_id: 'ala-archa',
          code: 'k3Vt0mXJ8QmYk3Vt0mXJ',
          expires_at: '2026-12-04T04:00:00.000Z',
        },
      },
    },
    problems: ['park_not_found', 'park_has_node', 'node_name_taken', 'node_revoked'],
    async handle({ body, principal, correlationId }) {
      const { name: nodeId, park_id: parkId, home_from: homeFrom = null } = body;
      const invited = await inviteNode({ nodeId, parkId, homeFrom }, { actor: principal.actor, correlationId });
      if (invited.ok) {
        const { code, expiresAtMs } = invited.value;
        return { status: 201, body: { id: nodeId, park_id: parkId, code, expires_at: toInstant(expiresAtMs) } };
      }
      switch (invited.refusal.code) {
        case 'park_not_found':
          return problem('park_not_found');
        case 'park_has_node':
          return problem('park_has_node');
        case 'node_revoked':
          return problem('node_revoked');
        default:
          return problem('node_name_taken');
      }
    },
  });

export const revokeNodeRoute = (keep: KeepNodes) =>
  defineRoute({
    method: 'POST',
    path: '/admin/nodes/:id/revoke',
    operationId: 'revokeNode',
    summary: 'Take nothing more from a node',
    description:
      'What headquarters has of it stays; nothing that it wrote after that is ever taken. Headquarters goes on with all that it wrote and ' +
      'serves its gates, those of today too. It cannot be undone: the park gets a node of another name.',
    tag: 'admin',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'required',
    params: Type.Object({ id: nodeName }),
    responses: { 204: { description: 'Revoked' } },
    problems: ['node_not_found'],
    async handle({ params, principal, correlationId }) {
      const revoked = await keep.revoke(params.id, { actor: principal.actor, correlationId });
      return revoked.ok ? { status: 204 } : problem('node_not_found');
    },
  });
