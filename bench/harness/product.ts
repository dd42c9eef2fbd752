import type * as AdmissionCodes from '../../src/modules/admission/application/admission-codes.ts';
import type * as Clock from '../../src/infrastructure/clock.ts';
import type * as MemoryStore from '../../src/infrastructure/event-store/memory-store.ts';
import type * as Replication from '../../src/infrastructure/event-store/postgres-replication.ts';
import type * as Signer from '../../src/infrastructure/keys/ed25519-signer.ts';
import type * as PublishedKeys from '../../src/infrastructure/keys/published-keys.ts';
import type * as Subscription from '../../src/infrastructure/event-store/subscription.ts';
import type * as SubscriptionTable from '../../src/infrastructure/event-store/subscription-table.ts';
import type * as Wakeups from '../../src/infrastructure/event-store/wakeups.ts';
import type * as EventStore from '../../src/infrastructure/event-store/postgres-store.ts';
import type * as Projections from '../../src/infrastructure/event-store/projections.ts';
import type * as SubjectKeys from '../../src/infrastructure/event-store/subject-keys.ts';
import type * as Vault from '../../src/infrastructure/event-store/vault.ts';
import type * as JsonSchemas from '../../src/infrastructure/http/json-schema.ts';
import type * as Ids from '../../src/infrastructure/ids.ts';
import type * as Logging from '../../src/infrastructure/logging/logger.ts';
import type * as Database from '../../src/infrastructure/postgres/database.ts';
import type * as Migrate from '../../src/infrastructure/postgres/migrate.ts';
import type * as CommandRunner from '../../src/kernel/command-runner.ts';
import type * as EventCodec from '../../src/kernel/event-codec.ts';
import type * as Compose from '../../src/main/compose.ts';
import type * as Config from '../../src/main/config.ts';
import type * as MigrateDatabase from '../../src/main/migrate-database.ts';
import type * as Statements from '../../src/modules/ledger/application/statements.ts';
import type * as LedgerEvents from '../../src/modules/ledger/persistence/events.ts';
import type * as StatementTables from '../../src/modules/ledger/persistence/statements.ts';
import type * as Upload from '../../src/infrastructure/http/upload.ts';
import type * as TicketSchemas from '../../src/modules/booking/http/ticket-schema.ts';

const folder = new URL('../../dist/', import.meta.url);

/** A built file of the product: what is measured is what users run, not what a development loader makes of the sources. */
export const builtFile = (path: string): URL => new URL(path, folder);

const load = <Module>(path: string): Promise<Module> => import(builtFile(path).href) as Promise<Module>;

export const product = {
  admissionCodes: () => load<typeof AdmissionCodes>('modules/admission/application/admission-codes.js'),
  clock: () => load<typeof Clock>('infrastructure/clock.js'),
  codec: () => load<typeof EventCodec>('kernel/event-codec.js'),
  compose: () => load<typeof Compose>('main/compose.js'),
  config: () => load<typeof Config>('main/config.js'),
  database: () => load<typeof Database>('infrastructure/postgres/database.js'),
  eventStore: () => load<typeof EventStore>('infrastructure/event-store/postgres-store.js'),
  ids: () => load<typeof Ids>('infrastructure/ids.js'),
  jsonSchemas: () => load<typeof JsonSchemas>('infrastructure/http/json-schema.js'),
  ledgerEvents: () => load<typeof LedgerEvents>('modules/ledger/persistence/events.js'),
  logging: () => load<typeof Logging>('infrastructure/logging/logger.js'),
  memoryStore: () => load<typeof MemoryStore>('infrastructure/event-store/memory-store.js'),
  migrate: () => load<typeof Migrate>('infrastructure/postgres/migrate.js'),
  migrateDatabase: () => load<typeof MigrateDatabase>('main/migrate-database.js'),
  projections: () => load<typeof Projections>('infrastructure/event-store/projections.js'),
  replication: () => load<typeof Replication>('infrastructure/event-store/postgres-replication.js'),
  publishedKeys: () => load<typeof PublishedKeys>('infrastructure/keys/published-keys.js'),
  runner: () => load<typeof CommandRunner>('kernel/command-runner.js'),
  signer: () => load<typeof Signer>('infrastructure/keys/ed25519-signer.js'),
  statements: () => load<typeof Statements>('modules/ledger/application/statements.js'),
  statementTables: () => load<typeof StatementTables>('modules/ledger/persistence/statements.js'),
  subjectKeys: () => load<typeof SubjectKeys>('infrastructure/event-store/subject-keys.js'),
  subscription: () => load<typeof Subscription>('infrastructure/event-store/subscription.js'),
  subscriptionTable: () => load<typeof SubscriptionTable>('infrastructure/event-store/subscription-table.js'),
  ticketSchemas: () => load<typeof TicketSchemas>('modules/booking/http/ticket-schema.js'),
  upload: () => load<typeof Upload>('infrastructure/http/upload.js'),
  vault: () => load<typeof Vault>('infrastructure/event-store/vault.js'),
  wakeups: () => load<typeof Wakeups>('infrastructure/event-store/wakeups.js'),
} as const;
