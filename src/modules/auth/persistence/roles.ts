import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { RoleHolders } from '../application/list-staff.ts';
import type { Roles } from '../application/roles.ts';
import type { RoleAtPark } from '../contract.ts';

export const rolesProjection: Projection = {
  name: 'auth.roles',
  schema: 'auth',
  tables: ['role_grants', 'role_changes'],
  eventTypes: ['RoleGranted', 'RoleRevoked'],
  functionName: 'auth.project_roles',
};

const OF_USER = statement(
  'auth.roles-of-user',
  'select role, park_id from auth.role_grants where user_id = $1 order by role, park_id',
);

const HAS_ADMIN = statement(
  'auth.has-admin',
  `select exists (select 1 from auth.role_grants where role = 'admin') as has_admin`,
);

// The roles of the few that changed, each by the index, though the planner cannot know that they are few.
const CHANGED_SINCE = statement(
  'auth.roles-changed-since',
  `select c.user_id, g.role, g.park_id from (
     select user_id from auth.role_changes where changed_at > store.from_ms($1)
     union select user_id from auth.role_note where noted_at > store.from_ms($1)
   ) c
     left join lateral (select role, park_id from auth.role_grants where user_id = c.user_id order by role, park_id) g on true`,
);

const NOTE_CHANGE = statement(
  'auth.note-role-change',
  `insert into auth.role_note (user_id, noted_at) values ($1, auth.after_tokens(store.from_ms($2)))
   on conflict (user_id) do update set noted_at = greatest(role_note.noted_at, excluded.noted_at)`,
);

const HOLDERS = statement(
  'auth.role-holders',
  `select user_id, json_agg(json_build_object('role', role, 'parkId', park_id) order by role, park_id) as roles
   from auth.role_grants
   where ($1::text is null or park_id is null or park_id = $1) and ($2::uuid is null or user_id > $2)
   group by user_id order by user_id limit $3`,
);

type RoleRow = { readonly role: RoleAtPark['role']; readonly park_id: string | null };
type ChangeRow = {
  readonly user_id: string;
  readonly role: RoleAtPark['role'] | null;
  readonly park_id: string | null;
};

export const createRoleHolders =
  (database: Database): RoleHolders =>
  async ({ parkId, after, limit }) => {
    const rows = await database.rows<{ user_id: string; roles: readonly RoleAtPark[] }>(HOLDERS, [
      parkId,
      after,
      limit,
    ]);
    return rows.map(({ user_id: userId, roles }) => ({ userId, roles }));
  };

export function createRoles(database: Database): Roles {
  return {
    async of(userId) {
      const rows = await database.rows<RoleRow>(OF_USER, [userId]);
      return rows.map(({ role, park_id: parkId }) => ({ role, parkId }));
    },
    async hasAdmin() {
      const [row] = await database.rows<{ has_admin: boolean }>(HAS_ADMIN, []);
      return row?.has_admin === true;
    },
    async noteChange(userId, nowMs) {
      await database.rows(NOTE_CHANGE, [userId, nowMs]);
    },
    async changedSince(sinceMs) {
      const changed = new Map<string, RoleAtPark[]>();
      for (const { user_id: userId, role, park_id: parkId } of await database.rows<ChangeRow>(CHANGED_SINCE, [
        sinceMs,
      ])) {
        const roles = changed.get(userId) ?? [];
        changed.set(userId, roles);
        // An account that lost its last role has a row without one.
        if (role !== null) roles.push({ role, parkId });
      }
      return changed;
    },
  };
}
