import { Type, type TObject, type TProperties } from 'typebox';
import { checkScope, MOST_DAYS_OF_CHAIN, MOST_DAYS_OF_PARK, type ReportScope } from '../../kernel/report-scope.ts';
import type { Role } from './access.ts';
import { csvOf, CSV_TYPE } from './csv.ts';
import { problem } from './problem.ts';
import { defineRoute, type Route } from './route.ts';
import { date } from './schemas.ts';

type Cells = Readonly<Record<string, string | number | null>>;

/** What else a report says in JSON; a table has no room for it. */
export type ReportBeside = {
  readonly fields: TProperties;
  readonly example: Readonly<Record<string, unknown>>;
  readonly read: () => Promise<Readonly<Record<string, unknown>>>;
};

export type ReportSpec<Row, Line extends Cells> = {
  readonly name: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly roles: readonly Role[];
  /** One line of the report; its fields are the columns of the table, in order. */
  readonly line: TObject;
  readonly example: Line;
  readonly read: (scope: ReportScope) => Promise<readonly Row[]>;
  readonly toLine: (row: Row) => Line;
  readonly beside?: ReportBeside;
};

/** A report: lines in JSON, or the same lines as a table for a spreadsheet. */
export function reportRoute<Row, Line extends Cells>(spec: ReportSpec<Row, Line>): Route {
  const { name, operationId, summary, description, roles, line, example, read, toLine, beside } = spec;
  const columns = Object.keys(example);
  return defineRoute({
    method: 'GET',
    path: `/admin/reports/${name}`,
    operationId,
    summary,
    description: `${description} At most ${MOST_DAYS_OF_PARK} days of one park, ${MOST_DAYS_OF_CHAIN} of all parks.`,
    tag: 'office',
    access: { kind: 'roles', roles, parkFrom: 'query.park_id' },
    query: Type.Object({
      from: date('First day'),
      to: date('Last day, included'),
      park_id: Type.Optional(Type.String({ maxLength: 50, description: 'All parks if absent', example: 'ala-archa' })),
    }),
    responses: {
      200: {
        description: 'Lines day by day; a day on which nothing happened has none',
        schema: Type.Object({ items: Type.Array(line), ...beside?.fields }),
        example: { items: [example], ...beside?.example },
        alsoAs: ['text/csv'],
      },
    },
    problems: ['validation_failed'],
    async handle(request) {
      const { from, to, park_id: parkId = null } = request.query;
      const scope = checkScope({ from, to, parkId });
      if (!scope.ok) {
        const message = `must not be before from, and at most ${scope.refusal.mostDays} days are reported`;
        return problem('validation_failed', { errors: [{ path: 'to', message }] });
      }
      const lines = (await read(scope.value)).map(toLine);
      if (request.accepts(['application/json', 'text/csv']) === 'application/json') {
        return { status: 200, body: { items: lines, ...(await beside?.read()) } };
      }
      const headers = { 'content-disposition': `attachment; filename="${name}-${from}-${to}.csv"` };
      return { status: 200, contentType: CSV_TYPE, headers, body: csvOf(columns, lines) };
    },
  });
}
