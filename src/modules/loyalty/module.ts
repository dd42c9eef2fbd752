import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createEarnPoints, type EarnPoints } from './application/earn-points.ts';
import { createShowStanding } from './application/show-standing.ts';
import { getLoyaltyRoute } from './http/get-loyalty.ts';
import { listMovementsRoute } from './http/list-movements.ts';
import { listTiersRoute } from './http/list-tiers.ts';
import { accountsProjection, createAccounts, createTiers } from './persistence/accounts.ts';
import { loyaltyEvents } from './persistence/events.ts';

export type LoyaltyModule = Module & { readonly earnPoints: EarnPoints };

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
};

export const loyaltyManifest: Manifest = {
  name: 'loyalty',
  events: loyaltyEvents,
  projections: [accountsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Points: earned by visits, and the tiers they lead to. */
export function createLoyaltyModule({ runner, database, ids, clock }: Dependencies): LoyaltyModule {
  const accounts = createAccounts(database);
  const tiers = createTiers(database);
  return {
    ...loyaltyManifest,
    routes: [
      getLoyaltyRoute(createShowStanding(accounts, tiers, clock)),
      listMovementsRoute(accounts),
      listTiersRoute(tiers),
    ],
    earnPoints: createEarnPoints(runner, ids),
  };
}
