import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { HeldInCommon } from '../application/scopes.ts';

const LOOKING = ['manager', 'admin'] as const;
const Hashed = { rows: Type.Integer(), hash: Type.String({ description: 'SHA-256 of the rows, hexadecimal' }) };
const HASH = '9f358f78a16e5552b7d44ad2b9de1f6915ba0d41a546a9fc245185eb03440c60';

export const listScopesRoute = (heldInCommon: HeldInCommon) =>
  defineRoute({
    method: 'GET',
    path: '/admin/scopes',
    operationId: 'listScopes',
    summary: 'Hashes of what nodes must hold alike',
    description:
      'Of the whole chain, and of each park that one manages. Headquarters and a park that have read all of each other answer the ' +
      'same hashes; personal fields and what concerns one node alone are left out. Reads all of it.',
    tag: 'admin',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: LOOKING },
    responses: {
      200: {
        description: 'The chain first, then parks by id',
        schema: Type.Object({
          items: Type.Array(
            Type.Object({
              park_id: nullable(Type.String({ description: 'Null for the chain' })),
              ...Hashed,
              tables: Type.Array(Type.Object({ table: Type.String(), ...Hashed })),
            }),
          ),
        }),
        example: {
          items: [
            { park_id: null, rows: 1, hash: HASH, tables: [{ table: 'park.parks', rows: 1, hash: HASH }] },
            {
              park_id: 'ala-archa',
              rows: 40,
              hash: HASH,
              tables: [{ table: 'booking.tickets', rows: 40, hash: HASH }],
            },
          ],
        },
      },
    },
    problems: [],
    async handle({ principal }) {
      const shown = (await heldInCommon()).filter(
        ({ scope }) => scope === null || hasRoleAt(principal, LOOKING, scope),
      );
      return { status: 200, body: { items: shown.map(({ scope, ...held }) => ({ park_id: scope, ...held })) } };
    },
  });
