import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { PhoneProofs } from '../application/phone-proofs.ts';

export const phoneProofsProjection: Projection = {
  name: 'auth.verified_phones',
  schema: 'auth',
  tables: ['verified_phones'],
  eventTypes: ['PhoneVerified'],
  functionName: 'auth.project_verified_phones',
};

const HAS = statement('auth.is-phone-verified', 'select 1 as found from auth.verified_phones where user_id = $1');

export function createPhoneProofs(database: Database): PhoneProofs {
  return { has: async (userId) => (await database.rows(HAS, [userId])).length > 0 };
}
