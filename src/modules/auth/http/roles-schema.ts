import { Type } from 'typebox';
import { nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { RoleAtPark } from '../contract.ts';

const role = oneOf(['gate', 'manager', 'finance', 'admin'], '`admin` always holds at all parks');
const parkId = nullable(
  Type.String({
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
    maxLength: 50,
    description: 'Null: at all parks',
    example: 'ala-archa',
  }),
);

/** The user's id stands in the address. */
export const userParams = Type.Object({ id: uuid() });

/** Many more roles than anybody has, and few enough to look through. */
const MOST_ROLES = 100;

export const RolesBody = Type.Object({
  roles: Type.Array(Type.Object({ role, park_id: parkId }), { maxItems: MOST_ROLES }),
});

export const UserRoles = Type.Object(
  { user_id: uuid(), roles: Type.Array(Type.Object({ role: text(20), park_id: nullable(Type.String()) })) },
  { $id: 'UserRoles' },
);

export const rolesExample = {
  roles: [
    { role: 'gate', park_id: 'ala-archa' },
    { role: 'manager', park_id: 'ala-archa' },
  ],
};

export const userRolesExample = { user_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e', ...rolesExample };

export const toUserRoles = (userId: string, roles: readonly RoleAtPark[]) => ({
  user_id: userId,
  roles: roles.map((held) => ({ role: held.role, park_id: held.parkId })),
});
