import { Type } from 'typebox';
import type { Clock } from '../../../kernel/time.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { oneOf, pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Receipts } from '../application/ports.ts';
import { OFFICE, toWatched, watchedExample, WatchedReceiptSchema } from './receipt-schema.ts';

/** A register that works issues within seconds. */
const OVERDUE_MS = 600_000;
const ENTRY = /^[1-9]\d{0,14}$/;

export const listFiscalReceiptsRoute = (receipts: Pick<Receipts, 'list'>, clock: Clock) =>
  defineRoute({
    method: 'GET',
    path: '/admin/fiscal-receipts',
    operationId: 'listFiscalReceipts',
    summary: 'Fiscal receipts and what became of them, newest first',
    description:
      'One for each payment that came and each refund that is out. `overdue`: not issued within ten minutes.',
    tag: 'office',
    access: { kind: 'roles', roles: OFFICE, parkFrom: 'query.park_id' },
    query: Type.Object({
      status: Type.Optional(
        oneOf(['overdue', 'pending', 'issued', 'no_register', 'none_required'] as const, '`overdue` if absent'),
      ),
      park_id: Type.Optional(Type.String({ maxLength: 50, description: 'All if absent', example: 'ala-archa' })),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page of receipts',
        schema: pageOf(WatchedReceiptSchema),
        example: { items: [watchedExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const { status = 'overdue', park_id: parkId = null } = query;
      const filter = { status, parkId, createdBeforeMs: clock.now() - OVERDUE_MS };
      const keyOf = ({ entry }: { readonly entry: number }): string => String(entry);
      const page = await readPage('fiscal-receipts', query, keyOf, async (before, limit) =>
        before !== null && !ENTRY.test(before)
          ? null
          : receipts.list({ ...filter, before: before === null ? null : Number(before), limit }),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toWatched), next_cursor: page.value.next } };
    },
  });
