import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable, pageOf, pageQuery, text } from '../../../infrastructure/http/schemas.ts';
import type { ListStaff, StaffMember as StaffMemberView } from '../application/list-staff.ts';
import { toUserRoles, UserRoles, userRolesExample } from './roles-schema.ts';

const StaffMember = Type.Object(
  { ...UserRoles.properties, name: nullable(Type.String({ description: 'Null when the account was erased' })) },
  { $id: 'StaffMember' },
);

const example = { ...userRolesExample, name: 'Бакыт' };

export const listStaffRoute = (listStaff: ListStaff) =>
  defineRoute({
    method: 'GET',
    path: '/admin/staff',
    operationId: 'listStaff',
    summary: 'Who works for the chain, and what each may do',
    description:
      'Managers name a park of theirs and see whose roles count there; administrators see everybody without one. In the order in which accounts were opened.',
    tag: 'admin',
    access: { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'query.park_id' },
    query: Type.Object({
      park_id: Type.Optional(text(50, { example: 'ala-archa' })),
      name: Type.Optional(text(100, { description: 'Stands in the name, in any case', example: 'бак' })),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page of staff',
        schema: pageOf(StaffMember),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const { park_id: parkId = null, name: named = null } = query;
      const byUser = ({ userId }: StaffMemberView): string => userId;
      const page = await readPage('staff', query, byUser, async (after, limit) =>
        after !== null && !isUuid(after) ? null : listStaff({ parkId, named, after, limit }),
      );
      if (!page.ok) return page.refusal;
      const items = page.value.items.map(({ userId, name, roles }) => ({ ...toUserRoles(userId, roles), name }));
      return { status: 200, body: { items, next_cursor: page.value.next } };
    },
  });
