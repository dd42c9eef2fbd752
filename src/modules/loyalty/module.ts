import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { CacheTopic, ReadCache } from '../../kernel/read-cache.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createChangeFigures } from './application/change-figures.ts';
import { createEarnPoints, type EarnPoints } from './application/earn-points.ts';
import { createFindStanding, type FindStanding } from './application/guest-standing.ts';
import { createLapsePoints } from './application/lapse-points.ts';
import { createReserveStep, type ReserveStep } from './application/reserve-points.ts';
import { createReturnPoints, type ReturnPoints } from './application/return-points.ts';
import { createReversePoints, type ReversePoints } from './application/reverse-points.ts';
import { createShowStanding } from './application/show-standing.ts';
import { changeFiguresRoute } from './http/change-figures.ts';
import { getFiguresRoute } from './http/get-figures.ts';
import { getLoyaltyRoute } from './http/get-loyalty.ts';
import { listMovementsRoute } from './http/list-movements.ts';
import { listTiersRoute } from './http/list-tiers.ts';
import { accountsProjection, createAccounts } from './persistence/accounts.ts';
import { loyaltyEvents } from './persistence/events.ts';
import { createFindFigures, figuresProjection } from './persistence/figures.ts';

export type LoyaltyModule = Module & {
  readonly earnPoints: EarnPoints;
  readonly standing: FindStanding;
  /** What is held about the points of a guest, for other parts of the program. */
  readonly pointRecords: Pick<ReturnType<typeof createAccounts>, 'movements'>;
  readonly reserveStep: ReserveStep;
  readonly returnPoints: ReturnPoints;
  readonly reversePoints: ReversePoints;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly cache: ReadCache;
  readonly ids: Ids;
  readonly clock: Clock;
};

export const loyaltyManifest: Manifest = {
  name: 'loyalty',
  events: loyaltyEvents,
  projections: [accountsProjection, figuresProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** The tiers and other figures of the programme. */
export const figuresTopic: CacheTopic = { name: 'figures', eventTypes: ['LoyaltyFiguresChanged'], isShared: true };

/** Points: earned by visits, spent on tickets, and the tiers they lead to. */
export function createLoyaltyModule(dependencies: Dependencies): LoyaltyModule {
  const { database, ids, clock } = dependencies;
  const accounts = createAccounts(database);
  const findFigures = createFindFigures(database);
  const tools = { ...dependencies, accounts, findFigures };
  const lapsePoints = createLapsePoints(tools);
  return {
    ...loyaltyManifest,
    routes: [
      getLoyaltyRoute(createShowStanding(accounts, findFigures, clock)),
      listMovementsRoute(accounts),
      listTiersRoute(() => dependencies.cache.through(figuresTopic, null, 'figures', findFigures)),
      getFiguresRoute(findFigures),
      changeFiguresRoute(createChangeFigures(tools)),
    ],
    jobs: [{ name: 'lapse points', everyMs: 60_000, run: ({ limit, meta }) => lapsePoints(limit, meta) }],
    earnPoints: createEarnPoints(tools),
    pointRecords: accounts,
    standing: createFindStanding(accounts, findFigures),
    reserveStep: createReserveStep(ids),
    returnPoints: createReturnPoints(tools),
    reversePoints: createReversePoints(tools),
  };
}
