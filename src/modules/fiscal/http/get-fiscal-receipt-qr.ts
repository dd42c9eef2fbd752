import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { QrImages, Receipts, TicketOwner } from '../application/ports.ts';

const STAFF = ['gate', 'manager', 'finance', 'admin'] as const;
const TYPES = ['image/svg+xml', 'image/png'] as const;
const DEFAULT_SIZE_PX = 512;

type Needs = {
  readonly receipts: Pick<Receipts, 'issued'>;
  readonly ticketOwner: TicketOwner;
  readonly qrImages: QrImages;
};

export const getFiscalReceiptQrRoute = ({ receipts, ticketOwner, qrImages }: Needs) =>
  defineRoute({
    method: 'GET',
    path: '/fiscal-receipts/:id/qr',
    operationId: 'getFiscalReceiptQr',
    summary: 'The QR code of a fiscal receipt',
    description: 'For the owner of the ticket and the staff of its park. SVG or PNG by `Accept`.',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    query: Type.Object({
      size: Type.Optional(Type.Integer({ minimum: 128, maximum: 2048, description: 'Pixels a side, 512 if absent' })),
    }),
    responses: { 200: { description: 'The image', contentTypes: TYPES } },
    problems: ['fiscal_receipt_not_found', 'validation_failed'],
    async handle(request) {
      const { params, query, principal } = request;
      const issued = await receipts.issued(params.id);
      const owner = issued === null ? null : await ticketOwner(issued.ticketId);
      const maySee = owner !== null && (owner.userId === principal.userId || hasRoleAt(principal, STAFF, owner.parkId));
      if (issued === null || !maySee) return problem('fiscal_receipt_not_found');
      const size = query.size ?? DEFAULT_SIZE_PX;
      const contentType = request.accepts(TYPES);
      const body = contentType === 'image/png' ? qrImages.png(issued.url, size) : qrImages.svg(issued.url, size);
      return { status: 200, contentType, body };
    },
  });
