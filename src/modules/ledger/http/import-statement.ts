import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, oneOf, text } from '../../../infrastructure/http/schemas.ts';
import { unreachable } from '../../../kernel/assert.ts';
import type { ImportFault, ImportStatement } from '../application/statements.ts';
import { FINANCE, METHODS } from './difference-schema.ts';
import { Statement, statementExample, toStatement } from './statement-schema.ts';

const MOST_BYTES = 512 * 1024 * 1024;

const column = (description: string, example: string) => Type.Optional(text(100, { description, example }));

/** What is wrong with a file, in words for whoever has it. */
export function fileFaultInWords(fault: ImportFault): string {
  switch (fault.code) {
    case 'empty':
      return 'is an empty file';
    case 'head_only':
      return 'has a head and no lines';
    case 'spreadsheet':
      return 'is a file of a spreadsheet program: save it as CSV';
    case 'no_text':
      return 'is no text';
    case 'missing_columns': {
      const found = fault.found.length === 0 ? 'a first line that is no head' : fault.found.join(', ');
      return `has no column ${fault.missing.join(', ')}, but ${found}`.slice(0, 500);
    }
    default:
      return unreachable(fault, 'fault of a file');
  }
}

const importQuery = Type.Object({
  method: oneOf(METHODS, 'Whose statement it is'),
  from: date('First day it tells of'),
  to: date('Last day it tells of'),
  park_id: Type.Optional(
    Type.String({ maxLength: 50, description: 'An account of one park; of all parks if absent', example: 'ala-archa' }),
  ),
  fee_percent: Type.Optional(
    Type.String({
      pattern: '^\\d{1,2}(\\.\\d{1,2})?$',
      maxLength: 5,
      description: 'What the provider takes of a payment; fees are booked but not looked at if absent',
      example: '1.5',
    }),
  ),
  reference_column: column('`reference` if absent', 'Референс'),
  amount_column: column('`amount` if absent', 'Сумма'),
  fee_column: column('No fees if absent. What the provider kept, above zero', 'Комиссия'),
  date_column: column('No days if absent, and then no suggestions', 'Дата'),
  kind_column: column('Says what a line is; needed for the words below', 'Операция'),
  payout_word: column('What it says of a payout to our bank', 'Выплата'),
  refund_word: column('What it says of a refund, where amounts have no sign', 'Возврат'),
});

export const importStatementRoute = (importStatement: ImportStatement) =>
  defineRoute({
    method: 'POST',
    path: '/admin/reconciliation/import',
    operationId: 'importStatement',
    summary: 'Compare a provider’s statement with the ledger',
    description:
      'A table in CSV with a head; the query says what its columns are called. UTF-8, UTF-16 with a mark, or windows-1251; `;`, tab ' +
      'or `,` between cells. Amounts are in som, those of refunds below zero. A line that cannot be read is told by its number and ' +
      'stops no other. The same file again is compared anew: what was resolved stays, what fits now is gone from the list. It ' +
      'moves no money: what it tells is booked by `…/statements/{id}/book`.',
    tag: 'office',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'query.park_id' },
    stepUp: 'none',
    query: importQuery,
    bodyTypes: ['text/csv'],
    bodyExample: 'reference,amount\r\nFNK-8841,350.00\r\nFNK-8842,-350.00\r\n',
    isUpload: true,
    bodyLimitBytes: MOST_BYTES,
    limits: ['upload'],
    responses: { 200: { description: 'What the comparison found', schema: Statement, example: statementExample } },
    problems: ['validation_failed', 'unsupported_media_type', 'payload_too_large'],
    async handle({ query, upload, principal, correlationId }) {
      const invalid = (path: string, message: string) => problem('validation_failed', { errors: [{ path, message }] });
      const { method, from, to, park_id: parkId = null, fee_percent: percent } = query;
      if (to < from) return invalid('to', 'must not be before from');
      const { kind_column: kind = null, payout_word: payoutWord = null, refund_word: refundWord = null } = query;
      if (kind === null && (payoutWord ?? refundWord) !== null)
        return invalid('kind_column', 'is needed to find words in');
      const reading = {
        reference: query.reference_column ?? 'reference',
        amount: query.amount_column ?? 'amount',
        fee: query.fee_column ?? null,
        date: query.date_column ?? null,
        kind,
        payoutWord,
        refundWord,
      };
      if (upload === undefined) return invalid('', fileFaultInWords({ code: 'empty' }));
      const feeBasisPoints = percent === undefined ? null : Math.round(Number(percent) * 100);
      const head = { method, from, to, parkId, feeBasisPoints };
      const imported = await importStatement(head, upload, reading, { actor: principal.actor, correlationId });
      return imported.ok
        ? { status: 200, body: toStatement(imported.value) }
        : invalid('', fileFaultInWords(imported.refusal));
    },
  });
