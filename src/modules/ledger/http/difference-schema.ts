import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { date, instant, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { DifferenceView } from '../application/differences.ts';

export const METHODS = ['elqr', 'elcard', 'elcard_terminal'] as const;
export const FINANCE = ['finance', 'admin'] as const;

export const resolutionWord = oneOf(
  ['provider_corrects', 'booked_by_hand', 'timing', 'fee_accepted', 'written_off', 'no_fault'] as const,
  'What it comes to',
);

export const verdictWord = oneOf(
  ['amount_differs', 'missing_here', 'missing_there', 'duplicate', 'fee_differs'] as const,
  'How they differ',
);

/** A sum that a refund makes negative. */
export const movement = (description: string) =>
  Type.String({ pattern: '^-?\\d{1,12}\\.\\d{2}$', maxLength: 16, description, example: '350.00' });

export const Difference = Type.Object(
  {
    id: uuid(),
    statement_id: uuid(),
    method: oneOf(METHODS),
    park_id: nullable(Type.String({ description: 'Null for an account of all parks' })),
    line: nullable(Type.Integer({ description: 'Of the file, the head is 1; null for what the statement lacks' })),
    verdict: verdictWord,
    reference: Type.String({ description: 'How the provider names the movement' }),
    day: nullable(date('On which it moved, as the statement says')),
    told: nullable(movement('By the statement; below zero a refund')),
    booked: nullable(movement('By the ledger; below zero a refund')),
    told_fee: nullable(movement('What the provider kept')),
    agreed_fee: nullable(movement('What it may keep by contract; null where the import named no `fee_percent`')),
    payment_id: nullable(uuid('The payment that is booked under this reference')),
    suggested_payment_id: nullable(
      uuid(
        'The payment that it names and whose outcome is `unknown`; else one of the same amount, at most a day away, that no line tells of: a guess',
      ),
    ),
    resolved: nullable(
      Type.Object({ resolution: resolutionWord, note: nullable(Type.String()), by: Type.String(), at: instant() }),
    ),
  },
  { $id: 'Difference' },
);

const ID = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
export const differenceExample = {
  id: ID,
  statement_id: ID,
  method: 'elqr',
  park_id: null,
  line: 14,
  verdict: 'missing_here',
  reference: 'FNK-8841',
  day: '2026-12-05',
  told: '350.00',
  booked: null,
  told_fee: '5.25',
  agreed_fee: '5.25',
  payment_id: null,
  suggested_payment_id: ID,
  resolved: null,
} as const;

const sum = (tyiyn: bigint | null): string | null => (tyiyn === null ? null : formatSom(tyiyn));

export const toDifference = (found: DifferenceView) => ({
  id: found.differenceId,
  statement_id: found.statementId,
  method: found.method,
  park_id: found.parkId,
  line: found.line,
  verdict: found.verdict,
  reference: found.reference,
  day: found.day,
  told: sum(found.toldTyiyn),
  booked: sum(found.bookedTyiyn),
  told_fee: sum(found.toldFeeTyiyn),
  agreed_fee: sum(found.agreedFeeTyiyn),
  payment_id: found.paymentId,
  suggested_payment_id: found.suggestedPaymentId,
  resolved:
    found.resolved === null
      ? null
      : {
          resolution: found.resolved.resolution,
          note: found.resolved.note,
          by: found.resolved.by,
          at: toInstant(found.resolved.atMs),
        },
});
