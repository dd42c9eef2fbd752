import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Limiter } from '../../kernel/limiter.ts';
import { MS_A_DAY, type Clock } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { IsFresh, TokenVerifier } from '../../infrastructure/http/access.ts';
import type { Job, Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { Accounts } from './application/accounts.ts';
import { createAdmit } from './application/admit.ts';
import { createAttempt, createLoginFailed } from './application/attempts.ts';
import { createChainLimits, type ChainFigures, type OnLimitAlarm } from './application/chain-limits.ts';
import { createChangeRole, type ChangeRole } from './application/change-role.ts';
import {
  createCloseAccount,
  createConfirmPassword,
  type CloseAccount,
  type ConfirmPassword,
} from './application/close-account.ts';
import type { CodeSender } from './application/code-sender.ts';
import { createEnsureFirstAdmin, type EnsureFirstAdmin } from './application/ensure-first-admin.ts';
import { createForgetSessions, type ForgetSessions } from './application/forget-sessions.ts';
import { createGetRoles } from './application/get-roles.ts';
import { createIssueTokens } from './application/issue-tokens.ts';
import { createListStaff } from './application/list-staff.ts';
import { createLogin, type Login } from './application/login.ts';
import type { ParkExists } from './application/park-exists.ts';
import { createVouchForPhone, giveUpStep, type VouchForPhone } from './application/prove-phone.ts';
import type { OnFactorRefused } from './application/prove-factor.ts';
import type { Sha256 } from './application/refresh-token.ts';
import { createRegister, type Register } from './application/register.ts';
import type { ParsePhone } from './application/request-code.ts';
import type { Roles } from './application/roles.ts';
import { createSecondFactorUseCases, type SecondFactorUseCases } from './application/second-factor.ts';
import type { Sessions } from './application/sessions.ts';
import { createSessionWatch, type SessionWatch } from './application/session-watch.ts';
import { createSetRoles } from './application/set-roles.ts';
import { createShowStaffPhone, type LookUpAccount } from './application/show-staff-phone.ts';
import {
  createKeepStaffCards,
  createStaffCardsOf,
  type KeepStaffCards,
  type StaffCardsOf,
} from './application/staff-cards.ts';
import { createSignOut, type SignOut } from './application/sign-out.ts';
import { createSignInUseCases } from './application/sign-in.ts';
import { createIsFresh } from './application/step-up.ts';
import { createTellOfSignIn, createTellOwner, type NotifyOwner } from './application/tell-owner.ts';
import { createSignAccessToken, type TokenKeys } from './http/access-tokens.ts';
import { getRolesRoute } from './http/get-roles.ts';
import { keySetRoute, type PublishedKey } from './http/key-set.ts';
import { listStaffRoute } from './http/list-staff.ts';
import { secondFactorRoutes } from './http/second-factor-routes.ts';
import { signInRoutes } from './http/sign-in-routes.ts';
import { setRolesRoute } from './http/set-roles.ts';
import { showStaffPhoneRoute } from './http/show-staff-phone.ts';
import { createTokenVerifier, type OnForgedToken } from './http/token-verifier.ts';
import { createArgon2Passwords } from './persistence/argon2-passwords.ts';
import { COMMON_PASSWORDS } from './persistence/common-passwords.ts';
import { createCredentials } from './persistence/credentials.ts';
import { createChallenges } from './persistence/factor-challenges.ts';
import { authEvents } from './persistence/events.ts';
import { createOneTimeCodes } from './persistence/one-time-codes.ts';
import { createPasskeyJudge } from './persistence/passkey-judge.ts';
import { createPasskeys } from './persistence/passkeys.ts';
import { createPasswordResets } from './persistence/password-resets.ts';
import { createPhoneProofs, phoneProofsProjection } from './persistence/phone-proofs.ts';
import { createRoleHolders, createRoles, rolesProjection } from './persistence/roles.ts';
import { createSecondFactors } from './persistence/second-factors.ts';
import { createSessions } from './persistence/sessions.ts';
import { createStaffOfPark, createStaffTables } from './persistence/staff-cards.ts';
import { relyingPartyOf } from './domain/relying-party.ts';
import type { HmacSha1 } from './domain/totp.ts';
import type { WorkQueueLimits } from '../../infrastructure/work-queue.ts';

export type AuthModule = Module & {
  /** For the HTTP server: who is asking. */
  readonly tokens: TokenVerifier;
  /** For the HTTP server: whether they proved it lately enough for what needs a fresh proof. */
  readonly isFresh: IsFresh;
  readonly register: Register;
  readonly login: Login;
  readonly grantRole: ChangeRole;
  readonly revokeRole: ChangeRole;
  readonly confirmPassword: ConfirmPassword;
  readonly closeAccount: CloseAccount;
  readonly signOut: SignOut;
  /** The part of auth when an account gives its number up. */
  readonly giveUpStep: ReturnType<typeof giveUpStep>;
  /** For whoever runs the installation, when no admin can. */
  readonly resetFactors: SecondFactorUseCases['resetFactors'];
  /** What is held about an account, for other parts of the program. */
  readonly accountRecords: { readonly sessions: Pick<Sessions, 'keptOf'>; readonly roles: Pick<Roles, 'of'> };
  /** Whether the number of the account was proven to be its owner's. */
  readonly isPhoneVerified: (userId: string) => Promise<boolean>;
  /**
   * Whether the account may be taken for that of whoever has its number: it was proven, or this installation cannot send a
   * code, so that nobody could ever prove one and nothing would work.
   */
  readonly mayBeTrusted: (userId: string) => Promise<boolean>;
  /**
   * Takes what a text message to the number of an account costs the chain; false when no more may be sent there, and when the
   * account may be that of a stranger to the number, who makes us pay.
   */
  readonly mayText: (userId: string, phone: string) => Promise<boolean>;
  /** Whether this installation has a way to send a code, without which no number can be verified. */
  readonly canSendCodes: boolean;
  /** Vouches for the number of an account, as whoever sets up a demonstration does. */
  readonly vouchForPhone: VouchForPhone;
  /** Once, at the start. */
  readonly ensureFirstAdmin: EnsureFirstAdmin;
  /** For a worker, once a day. */
  readonly forgetSessions: ForgetSessions;
  /** At headquarters: the staff of a park, for its node. */
  readonly staffCardsOf: StaffCardsOf;
  /** At the node of a park: takes that; null at headquarters. */
  readonly keepStaffCards: KeepStaffCards | null;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly hmacSha1: HmacSha1;
  /** Whether duties count only for whoever signed in with a second factor. */
  readonly staffNeedsFactor: boolean;
  /** How long a proof of who is asking counts as fresh. */
  readonly stepUpMs: number;
  readonly onFactorRefused: OnFactorRefused;
  readonly accounts: Accounts;
  readonly parkExists: ParkExists;
  readonly vault: Pick<Vault, 'blindIndex' | 'seal' | 'open'>;
  /** The park of a park's node; null at headquarters. */
  readonly parkId: string | null;
  readonly limiter: Limiter;
  readonly chainFigures: ChainFigures;
  readonly onLimitAlarm: OnLimitAlarm;
  readonly onForgedToken: OnForgedToken;
  readonly notifyOwner: NotifyOwner;
  readonly lookUpAccount: LookUpAccount;
  readonly parsePhone: ParsePhone;
  /** Null when this installation has no way to send a code. */
  readonly codeSender: CodeSender | null;
  /** A code that counts as well as the one that was sent; null outside of demonstrations. */
  readonly demoCode: string | null;
  /** Told of codes that could not be sent. */
  readonly onError: (error: unknown) => void;
  readonly tokenKeys: TokenKeys;
  /** The `iss` of access tokens: the public address of the installation, to which passkeys are bound too. */
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
  projections: [rolesProjection, phoneProofsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** The node of a park has no accounts: who works there is told by headquarters. */
function createTables(dependencies: Dependencies) {
  const { database, accounts, parkId } = dependencies;
  const staff = parkId === null ? null : createStaffTables({ ...dependencies, parkId });
  return {
    sessions: createSessions(database),
    codes: createOneTimeCodes(database),
    factors: createSecondFactors(database),
    challenges: createChallenges(database),
    passkeys: createPasskeys(dependencies),
    resets: createPasswordResets(database),
    proofs: createPhoneProofs(database),
    staffBook: staff,
    ...(staff ?? { accounts, roles: createRoles(database), credentials: createCredentials(database) }),
  };
}

type Tables = ReturnType<typeof createTables>;

/** What passes between headquarters and a park about its staff. */
const createStaffExchange = (parts: Dependencies & Tables & { readonly watch: SessionWatch }) => ({
  staffCardsOf: createStaffCardsOf({ ...parts, ...createStaffOfPark(parts.database) }),
  keepStaffCards: parts.staffBook === null ? null : createKeepStaffCards({ ...parts, staffBook: parts.staffBook }),
});

const jobsOf = (
  { codes, resets, challenges }: Pick<Tables, 'codes' | 'resets' | 'challenges'>,
  {
    forgetSessions,
    finishEnrolments,
  }: Pick<AuthModule, 'forgetSessions'> & Pick<SecondFactorUseCases, 'finishEnrolments'>,
  clock: Clock,
): readonly Job[] => [
  { name: 'finish enrolments of second factors', everyMs: 60_000, run: finishEnrolments },
  { name: 'forget ended sessions', everyMs: MS_A_DAY, runsAt: 'everywhere', run: forgetSessions },
  {
    name: 'forget codes',
    everyMs: 3_600_000,
    async run() {
      await codes.forget(clock.now());
      await resets.forget(clock.now());
      await challenges.forget(clock.now());
    },
  },
];

const REACH = statement('auth.reach', 'select');

/** How often one may try, and what the whole chain may spend. */
function createLimits({ limiter, chainFigures: figures, onLimitAlarm, demoCode, database }: Dependencies) {
  const codesAreFree = demoCode !== null;
  const chainLimits = createChainLimits({ limiter, figures, onLimitAlarm, codesAreFree });
  const parts = { limiter, chainLimits, codesAreFree, reach: () => database.rows(REACH) };
  return { chainLimits, attempt: createAttempt(parts), loginFailed: createLoginFailed(parts) };
}

/** Who is asking: passwords, sessions, access tokens, staff roles. */
export function createAuthModule(dependencies: Dependencies): AuthModule {
  const { tokenKeys, otherKeys = () => [], passwordQueue = PASSWORD_QUEUE } = dependencies;
  const tables = createTables(dependencies);
  const { sessions, roles, proofs } = tables;
  const watch = createSessionWatch({ ...dependencies, sessions, roles });
  const sign = createSignAccessToken(dependencies);
  const issueTokens = createIssueTokens({ ...dependencies, sessions, roles, sign });
  const passwords = createArgon2Passwords(passwordQueue, dependencies.clock);
  const mayBeTrusted = async (userId: string) => dependencies.codeSender === null || proofs.has(userId);
  const limits = createLimits(dependencies);
  const tellOwner = createTellOwner(dependencies);
  const parts = {
    ...dependencies,
    ...tables,
    passkeyJudge: createPasskeyJudge(relyingPartyOf(dependencies.issuer)),
    commonPasswords: COMMON_PASSWORDS,
    watch,
    issueTokens,
    passwords,
    ...limits,
    tellOwner,
    tellOfSignIn: createTellOfSignIn(sessions, tellOwner),
    admit: createAdmit({ ...dependencies, ...tables, issueTokens }),
  };
  const signIn = createSignInUseCases(parts);
  const secondFactor = createSecondFactorUseCases(parts);
  const register = createRegister(parts);
  const login = createLogin(parts);
  const grantRole = createChangeRole('grant', parts);
  const forgetSessions = createForgetSessions(parts);
  const getRoles = createGetRoles(parts);
  const keys = (): PublishedKey[] => [
    ...tokenKeys.all().map(({ publicJwk }) => ({ publicJwk, use: 'sig' })),
    ...otherKeys(),
  ];
  return {
    ...authManifest,
    routes: [
      ...signInRoutes({ ...signIn, register, login }, parts),
      getRolesRoute(getRoles),
      listStaffRoute(createListStaff({ ...parts, roleHolders: createRoleHolders(dependencies.database) })),
      showStaffPhoneRoute(createShowStaffPhone(parts)),
      setRolesRoute(createSetRoles({ ...parts, mayBeTrusted }), getRoles),
      ...secondFactorRoutes(secondFactor, parts),
      keySetRoute(keys),
    ],
    tokens: createTokenVerifier({ ...dependencies, watch }),
    isFresh: createIsFresh(parts),
    resetFactors: secondFactor.resetFactors,
    register,
    login,
    grantRole,
    revokeRole: createChangeRole('revoke', parts),
    confirmPassword: createConfirmPassword(parts),
    closeAccount: createCloseAccount(parts),
    signOut: createSignOut({ ...dependencies, logout: signIn.logout }),
    giveUpStep: giveUpStep(dependencies.ids),
    accountRecords: { sessions, roles },
    isPhoneVerified: (userId) => proofs.has(userId),
    mayBeTrusted,
    mayText: async (userId, phone) => (await mayBeTrusted(userId)) && limits.chainLimits.maySend(phone),
    canSendCodes: dependencies.codeSender !== null,
    vouchForPhone: createVouchForPhone(dependencies),
    ensureFirstAdmin: createEnsureFirstAdmin({ ...parts, register, login, grantRole }),
    forgetSessions,
    ...createStaffExchange(parts),
    jobs: jobsOf(tables, { forgetSessions, ...secondFactor }, dependencies.clock),
  };
}
