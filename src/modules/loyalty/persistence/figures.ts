import { trustedSom } from '../../../kernel/money.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { FindFigures, Tier } from '../application/ports.ts';
import { FIRST_FIGURES } from '../domain/figures.ts';

export const figuresProjection: Projection = {
  name: 'loyalty.figures',
  schema: 'loyalty',
  tables: ['figures', 'tiers'],
  eventTypes: ['LoyaltyFiguresChanged'],
  functionName: 'loyalty.project_figures',
};

const FIND = statement(
  'loyalty.figures',
  `select version, earning_sum::text as "earningSum", point_value::text as "pointValue", spendable_percent as "spendablePercent",
     valid_months as "validMonths", returned_days as "returnedDays",
     (select json_agg(json_build_object('name', name, 'minimumPoints', minimum_points, 'discountPercent', discount_percent)
        order by minimum_points) from loyalty.tiers) as tiers
   from loyalty.figures`,
);

type Row = {
  readonly version: number;
  readonly earningSum: string;
  readonly pointValue: string;
  readonly spendablePercent: number;
  readonly validMonths: number;
  readonly returnedDays: number;
  readonly tiers: readonly Tier[];
};

function figuresOf(row: Row | undefined): Awaited<ReturnType<FindFigures>> {
  if (row === undefined) return { ...FIRST_FIGURES, version: 1 };
  const { version, earningSum, pointValue, ...figures } = row;
  // The first figures are version 1 and have no event.
  return {
    ...figures,
    earningTyiyn: trustedSom(earningSum),
    worthTyiyn: trustedSom(pointValue),
    version: version + 1,
  };
}

/** The figures as they are now; all who ask at the same time share one statement. */
export function createFindFigures(database: Database): FindFigures {
  const asked = createBatcher<null, Awaited<ReturnType<FindFigures>>>({
    maxItems: 1024,
    maxQueued: 10_000,
    async run(askers) {
      const [row] = await database.rows<Row>(FIND, []);
      const figures = figuresOf(row);
      return askers.map(() => figures);
    },
  });
  return () => asked.submit(null);
}
