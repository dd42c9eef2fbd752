import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { ShowStaffPhone } from '../application/show-staff-phone.ts';
import { userParams } from './roles-schema.ts';

const StaffPhone = Type.Object({ user_id: uuid(), phone: text(16, { description: 'E.164' }) }, { $id: 'StaffPhone' });

const example = { user_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e', phone: '+996555123456' };

export const showStaffPhoneRoute = (showStaffPhone: ShowStaffPhone) =>
  defineRoute({
    method: 'GET',
    path: '/admin/staff/:id/phone',
    operationId: 'showStaffPhone',
    summary: 'The phone of a colleague',
    description:
      'Managers name a park of theirs, at which the colleague works. Every look is on record, for the park that was named.',
    tag: 'admin',
    access: { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'query.park_id' },
    params: userParams,
    query: Type.Object({ park_id: Type.Optional(text(50, { example: 'ala-archa' })) }),
    responses: { 200: { description: 'The phone', schema: StaffPhone, example } },
    problems: ['user_not_found'],
    async handle({ params: { id }, query: { park_id: parkId }, principal, correlationId }) {
      const meta = { actor: principal.actor, correlationId, ...(parkId === undefined ? {} : { parkId }) };
      const phone = await showStaffPhone({ parkId: parkId ?? null, userId: id }, principal.userId, meta);
      return phone.ok ? { status: 200, body: { user_id: id, phone: phone.value } } : problem(phone.refusal.code);
    },
  });
