import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { ImportStatement, StatementSummary } from '../application/reconciliation.ts';
import { FINANCE, METHODS } from './difference-schema.ts';

const MOST_BYTES = 8 * 1024 * 1024;

const whole = (description: string) => Type.Integer({ description });

const Statement = Type.Object(
  {
    id: uuid(),
    method: oneOf(METHODS),
    park_id: nullable(Type.String()),
    from: date(),
    to: date(),
    imported_at: instant('When this file was imported first'),
    lines: whole('That could be read'),
    matched: whole('Lines that the ledger says as well'),
    amount_differs: whole('Lines with another amount than is booked'),
    missing_here: whole('Lines of which nothing is booked'),
    missing_there: whole('What is booked on these days and no statement tells'),
    duplicate: whole('Lines that an earlier line has told already'),
    fee_differs: whole('Lines with another fee than was agreed'),
    faults: whole('Lines that could not be read'),
    first_faults: Type.Array(
      Type.Object(
        { line: whole('Of the file, the head is 1'), message: Type.String() },
        { description: 'At most 100' },
      ),
    ),
  },
  { $id: 'Statement' },
);

const statementExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  method: 'elqr',
  park_id: null,
  from: '2026-12-05',
  to: '2026-12-05',
  imported_at: '2026-12-06T04:00:00.000Z',
  lines: 320,
  matched: 317,
  amount_differs: 1,
  missing_here: 1,
  missing_there: 1,
  duplicate: 1,
  fee_differs: 0,
  faults: 1,
  first_faults: [{ line: 14, message: 'its amount cannot be read' }],
} as const;

const toStatement = ({ differences, firstFaults, ...summary }: StatementSummary) => ({
  id: summary.statementId,
  method: summary.method,
  park_id: summary.parkId,
  from: summary.from,
  to: summary.to,
  imported_at: toInstant(summary.importedAtMs),
  lines: summary.lines,
  matched: summary.matched,
  ...differences,
  faults: summary.faults,
  first_faults: firstFaults.map(({ number, fault }) => ({ line: number, message: fault })),
});

const column = (description: string, example: string) => Type.Optional(text(100, { description, example }));

export const importStatementRoute = (importStatement: ImportStatement) =>
  defineRoute({
    method: 'POST',
    path: '/admin/reconciliation/import',
    operationId: 'importStatement',
    summary: 'Compare a provider’s statement with the ledger',
    description:
      'A table in CSV, UTF-8, with a head; the query says what its columns are called. Amounts are in som, those of refunds below ' +
      'zero. A line that cannot be read is told by its number and stops no other. The same file again is read and compared anew: ' +
      'what was resolved stays, what fits now is gone from the list.',
    tag: 'office',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'query.park_id' },
    query: Type.Object({
      method: oneOf(METHODS, 'Whose statement it is'),
      from: date('First day it tells of'),
      to: date('Last day it tells of'),
      park_id: Type.Optional(
        Type.String({
          maxLength: 50,
          description: 'An account of one park; of all parks if absent',
          example: 'ala-archa',
        }),
      ),
      fee_percent: Type.Optional(
        Type.String({
          pattern: '^\\d{1,2}(\\.\\d{1,2})?$',
          maxLength: 5,
          description: 'What the provider takes of a payment; fees are not looked at if absent',
          example: '1.5',
        }),
      ),
      reference_column: column('`reference` if absent', 'Референс'),
      amount_column: column('`amount` if absent', 'Сумма'),
      fee_column: column('No fees if absent', 'Комиссия'),
      date_column: column('No days if absent, and then no suggestions', 'Дата'),
    }),
    bodyTypes: ['text/csv'],
    bodyExample: 'reference,amount\r\nFNK-8841,350.00\r\nFNK-8842,-350.00\r\n',
    rawBody: true,
    bodyLimitBytes: MOST_BYTES,
    limits: ['upload'],
    responses: { 200: { description: 'What the comparison found', schema: Statement, example: statementExample } },
    problems: ['validation_failed', 'unsupported_media_type', 'payload_too_large'],
    async handle({ query, rawBody, principal, correlationId }) {
      const { method, from, to, park_id: parkId = null, fee_percent: percent } = query;
      if (to < from)
        return problem('validation_failed', { errors: [{ path: 'to', message: 'must not be before from' }] });
      const columns = {
        reference: query.reference_column ?? 'reference',
        amount: query.amount_column ?? 'amount',
        fee: query.fee_column ?? null,
        date: query.date_column ?? null,
      };
      const feeBasisPoints = percent === undefined ? null : Math.round(Number(percent) * 100);
      const statement = { method, from, to, parkId, feeBasisPoints, columns, file: rawBody ?? new Uint8Array() };
      const imported = await importStatement(statement, { actor: principal.actor, correlationId });
      if (imported.ok) return { status: 200, body: toStatement(imported.value) };
      const message = `has no column ${imported.refusal.missing.join(', ')}`;
      return problem('validation_failed', { errors: [{ path: '', message }] });
    },
  });
