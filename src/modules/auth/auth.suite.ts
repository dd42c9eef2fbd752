import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { openPostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import { registerProjections } from '../../infrastructure/event-store/projections.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { fixedTokenKeys, tokenKeyFrom, type SigningTokenKey } from '../../infrastructure/keys/token-keys.ts';
import { createMemoryLimiter } from '../../infrastructure/limiter/memory-limiter.ts';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import { migrate } from '../../infrastructure/postgres/migrate.ts';
import { createCommandRunner, type CommandMeta } from '../../kernel/command-runner.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import type { Limiter } from '../../kernel/limiter.ts';
import { ok, refuse } from '../../kernel/result.ts';
import type { Account, Accounts } from './application/accounts.ts';
import type { LimitAlarm } from './application/chain-limits.ts';
import type { CodeMessage } from './application/code-sender.ts';
import type { OnFactorRefused } from './application/prove-factor.ts';
import type { Sha256 } from './application/refresh-token.ts';
import type { AccountNotice } from './application/tell-owner.ts';
import type { HmacSha1 } from './domain/totp.ts';
import { authManifest, createAuthModule, type AuthModule } from './module.ts';

export const NOON_MS = Date.UTC(2026, 10, 24, 6, 30);
const ISSUER = 'http://127.0.0.1:8080';

const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest();

export const hmacSha1: HmacSha1 = (key, message) => createHmac('sha1', key).update(message).digest();

const newSigningKey = (): Promise<SigningTokenKey> => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  return tokenKeyFrom(Buffer.from(pem), 'a key of a test');
};

const parsePhone = (text: string): string | null => (text.startsWith('+') ? text.replaceAll(' ', '') : null);

/** Accounts in memory. A number is whatever begins with `+`; spaces do not count. */
function createMemoryAccounts(buyers: ReadonlySet<string>): Accounts {
  const accounts = new Map<string, Account>();
  const find = (phone: string): Account | undefined => [...accounts.values()].find((known) => known.phone === phone);
  return {
    async register(account) {
      const phone = parsePhone(account.phone);
      if (phone === null) return refuse({ code: 'bad_phone' });
      if (account.name.trim() === '') return refuse({ code: 'bad_name' });
      if (find(phone) !== undefined) return refuse({ code: 'phone_taken' });
      accounts.set(account.userId, { ...account, phone, createdAtMs: NOON_MS, updatedAtMs: NOON_MS });
      return ok(null);
    },
    async userIdByPhone(text) {
      const phone = parsePhone(text);
      return phone === null ? refuse({ code: 'bad_phone' }) : ok(find(phone)?.userId ?? null);
    },
    async yieldNumber(userId) {
      if (buyers.has(userId)) return refuse({ code: 'has_tickets' });
      return accounts.delete(userId) ? ok(null) : refuse({ code: 'user_not_found' });
    },
    profile: async (userId) => accounts.get(userId) ?? null,
  };
}

/** Two parks. */
const parkExists = async (parkId: string): Promise<boolean> => ['ala-archa', 'osh'].includes(parkId);

/** Says yes to everybody, for tests of what stands behind the limits. */
export const boundless: Limiter = { take: async () => ({ ok: true, remaining: 1, resetSeconds: 1 }) };

type FactorRefusal = Parameters<OnFactorRefused>[0];

export type AuthTestNode = {
  readonly clock: ManualClock;
  /** The database as its owner sees it. */
  readonly owner: Database;
  readonly accounts: Accounts;
  /** Ids of the accounts that have tickets. */
  readonly buyers: Set<string>;
  readonly signingKey: SigningTokenKey;
  /** The codes that were sent, oldest first. */
  readonly sent: readonly CodeMessage[];
  /** What somebody was told to look at, oldest first. */
  readonly alarms: readonly LimitAlarm[];
  /** What owners of accounts were told, oldest first. */
  readonly told: readonly { readonly userId: string; readonly notice: AccountNotice; readonly occasion: string }[];
  /** Where second factors were refused, oldest first. */
  readonly refusals: readonly FactorRefusal[];
  /** Who looked at whose account, oldest first. */
  readonly lookUps: readonly { readonly staffId: string; readonly userId: string; readonly parkId: string | null }[];
  /** Starts another program on the same database and accounts, as a second process would be. */
  start(options?: Partial<Parameters<typeof createAuthModule>[0]>): Promise<AuthModule>;
  close(): Promise<void>;
};

/** A database with the log and this module in it. */
export async function openAuthTestNode(): Promise<AuthTestNode> {
  const { url, drop } = await createTestDatabase({ from: 'empty' });
  const store = { name: 'store', directory: new URL('../../infrastructure/event-store/migrations/', import.meta.url) };
  await migrate(url, [store, { name: 'auth', directory: authManifest.migrations }], { log: () => undefined });
  const connect = (role?: string): Database =>
    connectDatabase({ url, role, poolSize: 6, applicationName: 'auth-test', onError: () => undefined });
  const owner = connect();
  await registerProjections(owner, authManifest.projections);
  const clock = createManualClock(NOON_MS);
  const signingKey = await newSigningKey();
  const buyers = new Set<string>();
  const accounts = createMemoryAccounts(buyers);
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 7) });
  const sent: CodeMessage[] = [];
  const alarms: LimitAlarm[] = [];
  const refusals: FactorRefusal[] = [];
  const told: AuthTestNode['told'][number][] = [];
  const lookUps: AuthTestNode['lookUps'][number][] = [];
  const codeSender = { send: async (message: CodeMessage) => void sent.push(message) };
  const limiter = createMemoryLimiter(clock);
  const sending = { codeSender, demoCode: null, parsePhone, onError: () => undefined };
  const closing: (() => Promise<void>)[] = [];

  return {
    clock,
    owner,
    accounts,
    buyers,
    signingKey,
    sent,
    alarms,
    told,
    refusals,
    lookUps,
    async start(options = {}) {
      const [database, writer] = [connect('skypark_app'), connect('skypark_app')];
      const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
      const log = await openPostgresEventStore({ writer, reader: database, nodeId: 'hq', clock, sleep });
      const codec = createEventCodec(authManifest.events, vault);
      const runner = createCommandRunner({ store: log, codec, ids: systemIds, clock });
      closing.push(async () => {
        await log.close();
        await Promise.all([database.close(), writer.close()]);
      });
      const parts = {
        runner,
        database,
        ids: systemIds,
        clock,
        sha256,
        hmacSha1,
        staffNeedsFactor: false,
        stepUpMs: 900_000,
        onFactorRefused: (where: FactorRefusal) => void refusals.push(where),
        accounts,
        tokenKeys: fixedTokenKeys(signingKey),
        parkExists,
        vault,
        limiter,
        chainFigures: { codesPerHour: 1_000, codesPerDay: 5_000, loginFailures: 500 },
        onLimitAlarm: (alarm: LimitAlarm) => void alarms.push(alarm),
        onForgedToken: () => undefined,
        notifyOwner: async (userId: string, notice: AccountNotice, occasion: string) =>
          void told.push({ userId, notice, occasion }),
        lookUpAccount: async (staffId: string, userId: string, { parkId }: CommandMeta) => {
          lookUps.push({ staffId, userId, parkId: parkId ?? null });
          return accounts.profile(userId);
        },
        ...sending,
      };
      return createAuthModule({ ...parts, issuer: ISSUER, audience: 'hq', parkId: null, ...options });
    },
    async close() {
      for (const end of closing) await end();
      await owner.close();
      await drop();
    },
  };
}
