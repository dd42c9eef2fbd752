import type { Principal, TokenVerifier } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';

const person = (role: 'admin' | 'manager' | 'gate' | 'guest', parkId: string | null): Principal => ({
  kind: 'user',
  userId: ids.derive(`${role} ${parkId}`),
  sessionId: 's',
  roles: [{ role, parkId }],
  actor: `user:${role}`,
});
const PEOPLE: Readonly<Record<string, Principal>> = {
  admin: person('admin', null),
  manager: person('manager', 'ala-archa'),
  other: person('manager', 'asanbay'),
  gate: person('gate', 'ala-archa'),
  guest: person('guest', null),
};
/** Somebody of every kind; the token is the name. */
export const editorTokens: TokenVerifier = { verify: async (token) => PEOPLE[token] ?? null };
