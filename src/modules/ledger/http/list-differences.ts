import { Type } from 'typebox';
import { csvOf, CSV_TYPE } from '../../../infrastructure/http/csv.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { oneOf, pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Statements } from '../application/reconciliation.ts';
import { Difference, differenceExample, FINANCE, toDifference } from './difference-schema.ts';

/** Rows of a table at most: a spreadsheet is no archive. */
const MOST_ROWS = 10_000;
const ENTRY = /^[1-9]\d{0,14}$/;
const COLUMNS = [
  'id',
  'statement_id',
  'method',
  'park_id',
  'line',
  'verdict',
  'reference',
  'told',
  'booked',
  'payment_id',
  'suggested_payment_id',
  'resolution',
  'note',
  'resolved_by',
  'resolved_at',
] as const;

function toRow({ resolved, ...found }: ReturnType<typeof toDifference>) {
  const { resolution = null, note = null, by = null, at = null } = resolved ?? {};
  return { ...found, resolution, note, resolved_by: by, resolved_at: at };
}

export const listDifferencesRoute = (statements: Pick<Statements, 'list'>) =>
  defineRoute({
    method: 'GET',
    path: '/admin/reconciliation',
    operationId: 'listDifferences',
    summary: 'How statements of providers differ from the ledger, newest first',
    description: `As a table they are no pages but all of them, at most ${MOST_ROWS}.`,
    tag: 'office',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'query.park_id' },
    query: Type.Object({
      status: Type.Optional(oneOf(['open', 'resolved'] as const, '`open` if absent')),
      park_id: Type.Optional(
        Type.String({ maxLength: 50, description: 'Of its own statements; all if absent', example: 'ala-archa' }),
      ),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page of differences',
        schema: pageOf(Difference),
        example: { items: [differenceExample], next_cursor: null },
        alsoAs: ['text/csv'],
      },
    },
    problems: ['validation_failed'],
    async handle(request) {
      const { query } = request;
      const filter = { open: query.status !== 'resolved', parkId: query.park_id ?? null };
      if (request.accepts(['application/json', 'text/csv']) === 'text/csv') {
        const all = await statements.list({ ...filter, before: null, limit: MOST_ROWS });
        const headers = { 'content-disposition': 'attachment; filename="differences.csv"' };
        const body = csvOf(
          COLUMNS,
          all.map((found) => toRow(toDifference(found))),
        );
        return { status: 200, contentType: CSV_TYPE, headers, body };
      }
      const keyOf = ({ entry }: { readonly entry: number }): string => String(entry);
      const page = await readPage('differences', query, keyOf, async (before, limit) =>
        before !== null && !ENTRY.test(before)
          ? null
          : statements.list({ ...filter, before: before === null ? null : Number(before), limit }),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toDifference), next_cursor: page.value.next } };
    },
  });
