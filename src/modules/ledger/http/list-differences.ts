import { Type } from 'typebox';
import { csvParts, CSV_TYPE } from '../../../infrastructure/http/csv.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { oneOf, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { DifferenceFilter, Differences } from '../application/differences.ts';
import { Difference, differenceExample, FINANCE, toDifference, verdictWord } from './difference-schema.ts';

/** Rows of the table that are read at a time. */
const ROWS = 1000;
const ENTRY = /^[1-9]\d{0,14}$/;
const COLUMNS = [
  'id',
  'statement_id',
  'method',
  'park_id',
  'line',
  'verdict',
  'reference',
  'day',
  'told',
  'booked',
  'told_fee',
  'agreed_fee',
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

/** All that the filter lets through, some at a time, each to be shown. */
async function* rowsOf({ list }: Pick<Differences, 'list'>, filter: Omit<DifferenceFilter, 'before' | 'limit'>) {
  for (let before: number | null = null; ;) {
    const found = await list({ ...filter, before, limit: ROWS });
    yield found.map((one) => toRow(toDifference(one)));
    if (found.length < ROWS) return;
    before = found.at(-1)?.entry ?? null;
  }
}

export const listDifferencesRoute = (differences: Pick<Differences, 'list'>) =>
  defineRoute({
    method: 'GET',
    path: '/admin/reconciliation',
    operationId: 'listDifferences',
    summary: 'How statements of providers differ from the ledger, newest first',
    description: 'As a table (`Accept: text/csv`) they are no pages but all of them.',
    tag: 'office',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'query.park_id' },
    query: Type.Object({
      status: Type.Optional(oneOf(['open', 'resolved'] as const, '`open` if absent')),
      park_id: Type.Optional(
        Type.String({ maxLength: 50, description: 'Of its own statements; all if absent', example: 'ala-archa' }),
      ),
      statement_id: Type.Optional(uuid('Of one statement')),
      verdict: Type.Optional(verdictWord),
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
      const filter = {
        open: query.status !== 'resolved',
        parkId: query.park_id ?? null,
        statementId: query.statement_id ?? null,
        verdict: query.verdict ?? null,
      };
      if (request.accepts(['application/json', 'text/csv']) === 'text/csv') {
        const headers = { 'content-disposition': 'attachment; filename="differences.csv"' };
        return { status: 200, contentType: CSV_TYPE, headers, body: csvParts(COLUMNS, rowsOf(differences, filter)) };
      }
      const keyOf = ({ entry }: { readonly entry: number }): string => String(entry);
      const page = await readPage('differences', query, keyOf, async (before, limit) =>
        before !== null && !ENTRY.test(before)
          ? null
          : differences.list({ ...filter, before: before === null ? null : Number(before), limit }),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toDifference), next_cursor: page.value.next } };
    },
  });
