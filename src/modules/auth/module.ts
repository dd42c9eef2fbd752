import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import { MS_A_DAY, type Clock } from '../../kernel/time.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import type { SigningKey } from '../../infrastructure/keys/key-files.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import type { Accounts } from './application/accounts.ts';
import { createChangeRole, type ChangeRole } from './application/change-role.ts';
import { createForgetSessions, type ForgetSessions } from './application/forget-sessions.ts';
import { createIssueTokens } from './application/issue-tokens.ts';
import { createLogin, type Login } from './application/login.ts';
import { createLogout } from './application/logout.ts';
import { createRefresh } from './application/refresh.ts';
import type { Sha256 } from './application/refresh-token.ts';
import { createRegister, type Register } from './application/register.ts';
import { createSessionWatch } from './application/session-watch.ts';
import { createSignAccessToken } from './http/access-tokens.ts';
import { keySetRoute, type PublishedKey } from './http/key-set.ts';
import { loginRoute } from './http/login.ts';
import { logoutAllRoute } from './http/logout-all.ts';
import { logoutRoute } from './http/logout.ts';
import { refreshRoute } from './http/refresh.ts';
import { registerRoute } from './http/register.ts';
import { createTokenVerifier } from './http/token-verifier.ts';
import { createArgon2Passwords } from './persistence/argon2-passwords.ts';
import { createCredentials } from './persistence/credentials.ts';
import { authEvents } from './persistence/events.ts';
import { createRoles, rolesProjection } from './persistence/roles.ts';
import { createSessions } from './persistence/sessions.ts';
import type { WorkQueueLimits } from './persistence/work-queue.ts';

export type AuthModule = Module & {
  /** For the HTTP server: who is asking. */
  readonly tokens: TokenVerifier;
  readonly register: Register;
  readonly login: Login;
  readonly grantRole: ChangeRole;
  readonly revokeRole: ChangeRole;
  /** For a worker, once a day. */
  readonly forgetSessions: ForgetSessions;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly accounts: Accounts;
  readonly signingKey: SigningKey;
  /** The `iss` of access tokens: the public address of the installation. */
  readonly issuer: string;
  /** The `aud` of access tokens: the node. A token of one node is worth nothing on another. */
  readonly audience: string;
  /** Keys of other uses that the key set lists too, such as those of admission codes. */
  readonly otherKeys?: () => readonly PublishedKey[];
  readonly passwordQueue?: WorkQueueLimits;
};

/**
 * Two at a time, some 20 ms each, can take two processors whole, but no more of any machine. On such a machine 128 wait
 * about a second and a half; on a slower or busier one, 3 s at most.
 */
const PASSWORD_QUEUE: WorkQueueLimits = { concurrency: 2, maxWaiting: 128, longestWaitMs: 3_000 };

export const authManifest: Manifest = {
  name: 'auth',
  events: authEvents,
  projections: [rolesProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Who is asking: passwords, sessions, access tokens, staff roles. */
export function createAuthModule(dependencies: Dependencies): AuthModule {
  const { database, signingKey, otherKeys = () => [], passwordQueue = PASSWORD_QUEUE } = dependencies;
  const sessions = createSessions(database);
  const roles = createRoles(database);
  const watch = createSessionWatch({ ...dependencies, sessions, roles });
  const sign = createSignAccessToken({ ...dependencies, ...signingKey });
  const issueTokens = createIssueTokens({ ...dependencies, sessions, roles, sign });
  const passwords = createArgon2Passwords(passwordQueue, dependencies.clock);
  const parts = { ...dependencies, sessions, watch, issueTokens, passwords, credentials: createCredentials(database) };
  const register = createRegister(parts);
  const login = createLogin(parts);
  const logout = createLogout(parts);
  const forgetSessions = createForgetSessions(parts);
  const keys = (): PublishedKey[] => [{ publicJwk: signingKey.publicJwk, use: 'sig' }, ...otherKeys()];
  return {
    ...authManifest,
    routes: [
      registerRoute(register),
      loginRoute(login),
      refreshRoute(createRefresh(parts)),
      logoutRoute(logout),
      logoutAllRoute(logout),
      keySetRoute(keys),
    ],
    tokens: createTokenVerifier({ ...dependencies, ...signingKey, watch }),
    register,
    login,
    grantRole: createChangeRole('grant', parts),
    revokeRole: createChangeRole('revoke', parts),
    forgetSessions,
    jobs: [{ name: 'forget ended sessions', everyMs: MS_A_DAY, run: forgetSessions }],
  };
}
