import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute, type Route } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { StatementTools } from '../application/statements.ts';
import { FINANCE } from './difference-schema.ts';
import { changing, Statement, statementExample, statementFor, toStatement } from './statement-schema.ts';

const access = { kind: 'roles', roles: FINANCE, parkFrom: 'resource' } as const;
const params = Type.Object({ id: uuid() });
const answered = { 200: { description: 'The statement', schema: Statement, example: statementExample } } as const;

const listStatementsRoute = (tools: Pick<StatementTools, 'list'>): Route =>
  defineRoute({
    method: 'GET',
    path: '/admin/reconciliation/statements',
    operationId: 'listStatements',
    summary: 'Statements of providers, the newest first, with what they tell and what of it is booked',
    tag: 'office',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'query.park_id' },
    query: Type.Object({
      park_id: Type.Optional(
        Type.String({ maxLength: 50, description: 'Of its own accounts; all if absent', example: 'ala-archa' }),
      ),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page of statements',
        schema: pageOf(Statement),
        example: { items: [statementExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const page = await readPage(
        'statements',
        query,
        ({ statementId }: { readonly statementId: string }) => statementId,
        async (before, limit) =>
          before !== null && !isUuid(before) ? null : tools.list({ parkId: query.park_id ?? null, before, limit }),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toStatement), next_cursor: page.value.next } };
    },
  });

/** What is done with statements once they are imported. */
export const statementRoutes = (tools: StatementTools): readonly Route[] => [
  listStatementsRoute(tools),
  defineRoute({
    method: 'POST',
    path: '/admin/reconciliation/statements/:id/compare',
    operationId: 'compareStatement',
    summary: 'Compare a statement with the ledger as it is now',
    description: 'As importing the same file again does, without the file. It moves no money.',
    tag: 'office',
    access,
    stepUp: 'none',
    params,
    responses: answered,
    problems: ['statement_not_found'],
    handle: changing(tools, tools.compare),
  }),
  defineRoute({
    method: 'POST',
    path: '/admin/reconciliation/statements/:id/book',
    operationId: 'bookStatement',
    summary: 'Book what a statement tells of fees and payouts',
    description:
      'Compares it and books what it tells and the ledger does not have yet: fees, payouts to the bank, money that nobody can explain, ' +
      'and what was written off. What is booked already is not booked again; what it tells otherwise since, after a resolution for ' +
      'instance, is booked by the difference, on today’s date.',
    tag: 'office',
    access,
    stepUp: 'none',
    params,
    responses: answered,
    problems: ['statement_not_found'],
    handle: changing(tools, tools.book),
  }),
  defineRoute({
    method: 'POST',
    path: '/admin/reconciliation/statements/:id/withdraw',
    operationId: 'withdrawStatement',
    summary: 'Take back a statement that should not have been imported',
    description:
      'Whatever it had booked is taken back too. Its lines and differences are gone; the file can be imported anew.',
    tag: 'office',
    access,
    stepUp: 'none',
    params,
    responses: { 204: { description: 'There is no such statement any more' } },
    problems: ['statement_not_found'],
    async handle({ params: { id }, principal, correlationId }) {
      const found = await statementFor(tools, id, principal);
      if (found === null) return problem('statement_not_found');
      await tools.withdraw(found, { actor: principal.actor, correlationId });
      return { status: 204 };
    },
  }),
];
