import type { CleanImage } from '../../kernel/clean-image.ts';
import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { ReplicationLog } from '../../kernel/replication.ts';
import type { FileStore } from '../../kernel/file-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { ReadCache } from '../../kernel/read-cache.ts';
import type { Limiter } from '../../kernel/limiter.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { FileVault } from '../../kernel/vault.ts';
import type { AppendGate } from '../../infrastructure/event-store/append-gate.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import type { AdmissionModule } from '../../modules/admission/module.ts';
import type { ChainFigures, OnLimitAlarm } from '../../modules/auth/application/chain-limits.ts';
import type { OnFactorRefused } from '../../modules/auth/application/prove-factor.ts';
import type { OnForgedToken } from '../../modules/auth/http/token-verifier.ts';
import type { AuthModule } from '../../modules/auth/module.ts';
import type { BookingModule } from '../../modules/booking/module.ts';
import type { OnLedgerChecked } from '../../modules/ledger/application/check-ledger.ts';
import type { LedgerModule } from '../../modules/ledger/module.ts';
import type { Registers } from '../../modules/fiscal/application/ports.ts';
import type { FiscalModule } from '../../modules/fiscal/module.ts';
import type { LoyaltyModule } from '../../modules/loyalty/module.ts';
import type { NodesModule } from '../../modules/nodes/module.ts';
import type { NotifyModule } from '../../modules/notify/module.ts';
import type { OfficeModule } from '../../modules/office/module.ts';
import type { ParkModule } from '../../modules/park/module.ts';
import type { PaymentProvider } from '../../modules/payment/contract.ts';
import type { PaymentModule } from '../../modules/payment/module.ts';
import type { UserModule } from '../../modules/user/module.ts';
import type { HeadquartersTools, News } from '../../sync/headquarters/ports.ts';
import type { MessageChannels } from '../message-channels.ts';
import type { Secrets } from '../secrets.ts';

type HeadquartersKey = Pick<HeadquartersTools, 'signer' | 'certificates'>;

export type Providers = ReadonlyMap<'elqr' | 'elcard', PaymentProvider>;

/** What a process gives its modules to stand on. */
export type Ground = {
  readonly store: EventStore;
  /** Where appends to the store can be held back: whatever runs commands meanwhile needs a runner of its own. */
  readonly appendGate?: Pick<AppendGate, 'runner'>;
  /** The same log as other nodes see it. */
  readonly replication: ReplicationLog;
  readonly database: Database;
  readonly vault: FileVault;
  readonly files: FileStore;
  /** For what is shown only. */
  readonly cache: ReadCache;
  readonly clock: Clock;
  readonly ids: Ids;
  /** From 0 up to 1. */
  readonly chance: () => number;
  /** How often anything may be done; modules bring policies and keys of their own. */
  readonly limiter: Limiter;
  readonly secrets: Secrets;
  /** What headquarters signs with what it tells parks; null where there is no key. */
  readonly headquartersKey: HeadquartersKey | null;
  readonly providers: Providers;
  readonly fiscalRegisters: Registers;
  readonly channels: Pick<MessageChannels, 'sms' | 'email'>;
  readonly mode: 'demo' | 'production';
  readonly nodeId: string;
  readonly role: NodeRole;
  /** The park of a park's node; null at headquarters. */
  readonly parkId: string | null;
  readonly publicUrl: string;
  /** Tells whoever runs a demonstration something that no log of a real installation may hold. */
  readonly announce?: (message: string) => void;
  /** What the whole chain may spend on codes and put up with from logins. */
  readonly chainFigures: ChainFigures;
  /** The authority that gate devices are told of when they are enrolled, as PEM; null: none of our own. */
  readonly authorityPem: string | null;
  /** Whether duties count only with a second factor. */
  readonly staffNeedsFactor: boolean;
  /** How long a proof of who is asking counts as fresh. */
  readonly stepUpMs: number;
  /** Most people that a gate device may let in alone in an hour. */
  readonly alonePerHour: number;
  /** Told of limits that were reached and that a person should look at. */
  readonly onLimitAlarm: OnLimitAlarm;
  readonly onForgedToken: OnForgedToken;
  readonly onFactorRefused: OnFactorRefused;
  /** Told after every check of the books what is wrong. */
  readonly onLedgerChecked: OnLedgerChecked;
  /** Told what became of every call of a park's node. */
  readonly onSyncNews: (news: News) => void;
  /** Told of failures that are repeated later by themselves. */
  readonly onError: (error: unknown) => void;
};

/** The ground, and what is made of it for all modules alike. */
export type Tools = Ground & {
  readonly zone: Zone;
  readonly codec: EventCodec;
  readonly runner: CommandRunner;
  /** One for all, so that pictures wait in one queue. */
  readonly cleanImage: CleanImage;
};

export type DomainModules = {
  readonly auth: AuthModule;
  readonly user: UserModule;
  readonly park: ParkModule;
  readonly booking: BookingModule;
  readonly admission: AdmissionModule;
  readonly payment: PaymentModule;
  readonly loyalty: LoyaltyModule;
  readonly ledger: LedgerModule;
  readonly fiscal: FiscalModule;
  readonly office: OfficeModule;
  readonly notify: NotifyModule;
  readonly nodes: NodesModule;
};

/**
 * Modules ask each other in rings, so each is bound to the others by functions that look them up when they are called: a
 * request or an event comes long after all are made. `all` must not be called while modules are being made.
 */
export type Wiring = { readonly tools: Tools; readonly all: () => DomainModules };
