import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { ReceiptQueue } from '../application/ports.ts';
import type { RetryReceipt } from '../application/want-receipts.ts';
import { OFFICE } from './receipt-schema.ts';

export const retryFiscalReceiptRoute = (queue: Pick<ReceiptQueue, 'find'>, retry: RetryReceipt) =>
  defineRoute({
    method: 'POST',
    path: '/admin/fiscal-receipts/:id/retry',
    operationId: 'retryFiscalReceipt',
    summary: 'Have a receipt issued now',
    description:
      'The register is asked under the same id, so it issues none twice. What was sold while there was no register is issued by the one that there is now.',
    tag: 'office',
    access: { kind: 'roles', roles: OFFICE, parkFrom: 'resource' },
    stepUp: 'none',
    params: Type.Object({ id: uuid() }),
    responses: { 202: { description: 'It will be tried' } },
    problems: ['fiscal_receipt_not_found', 'fiscal_receipt_settled', 'validation_failed'],
    async handle({ params, principal }) {
      const found = await queue.find(params.id);
      if (found === null || !hasRoleAt(principal, OFFICE, found.parkId)) return problem('fiscal_receipt_not_found');
      return (await retry(found)) ? { status: 202 } : problem('fiscal_receipt_settled');
    },
  });
