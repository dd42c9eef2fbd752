import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import { MS_A_DAY, type Clock } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createCheckLedger, type CheckLedger, type OnLedgerChecked } from './application/check-ledger.ts';
import type { ReadMoneyFacts } from './application/ports.ts';
import { createResolveDifference } from './application/differences.ts';
import { createListDifferences, type PaymentsInDoubt } from './application/list-differences.ts';
import { createStatementTools } from './application/statements.ts';
import { importStatementRoute } from './http/import-statement.ts';
import { listDifferencesRoute } from './http/list-differences.ts';
import { reportLedgerRoute } from './http/report-ledger.ts';
import { resolveDifferenceRoute } from './http/resolve-difference.ts';
import { statementRoutes } from './http/statement-routes.ts';
import { createDifferences, resolutionsProjection } from './persistence/differences.ts';
import { createLedger, entriesProjection } from './persistence/entries.ts';
import { ledgerEvents } from './persistence/events.ts';
import { createLastCheck } from './persistence/last-check.ts';
import { createStatements } from './persistence/statements.ts';

export const ledgerManifest: Manifest = {
  name: 'ledger',
  events: ledgerEvents,
  projections: [entriesProjection, resolutionsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type LedgerModule = Module & { readonly checkLedger: CheckLedger };

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly vault: Vault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly moneyFacts: ReadMoneyFacts;
  readonly paymentsInDoubt: PaymentsInDoubt;
  readonly onLedgerChecked: OnLedgerChecked;
};

/** The books: double entry of everything that moves money, and how they compare with what providers say. */
export function createLedgerModule(dependencies: Dependencies): LedgerModule {
  const { database, vault, clock, moneyFacts, onLedgerChecked } = dependencies;
  const differences = createDifferences(database, vault);
  const tools = createStatementTools({ ...dependencies, statements: createStatements(database) });
  const ledger = createLedger(database);
  const lastCheck = createLastCheck(database);
  const checkLedger = createCheckLedger({ ledger, moneyFacts, clock, lastCheck, onChecked: onLedgerChecked });
  return {
    ...ledgerManifest,
    routes: [
      reportLedgerRoute(ledger, lastCheck),
      listDifferencesRoute({ list: createListDifferences(differences, dependencies.paymentsInDoubt) }),
      importStatementRoute(tools.importStatement),
      ...statementRoutes(tools),
      resolveDifferenceRoute(differences, createResolveDifference(dependencies)),
    ],
    jobs: [{ name: 'check the ledger', everyMs: MS_A_DAY, run: () => checkLedger() }],
    checkLedger,
  };
}
