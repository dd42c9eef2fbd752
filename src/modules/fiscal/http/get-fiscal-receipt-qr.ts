import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { qrImage, qrImageAnswer, qrImageQuery } from '../../../infrastructure/http/qr-image.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { QrImages } from '../../../kernel/qr-images.ts';
import type { Receipts, TicketOwner } from '../application/ports.ts';

const STAFF = ['gate', 'manager', 'finance', 'admin'] as const;

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
    query: qrImageQuery,
    responses: { 200: qrImageAnswer },
    problems: ['fiscal_receipt_not_found', 'validation_failed'],
    async handle(request) {
      const { params, principal } = request;
      const issued = await receipts.issued(params.id);
      const owner = issued === null ? null : await ticketOwner(issued.ticketId);
      const maySee = owner !== null && (owner.userId === principal.userId || hasRoleAt(principal, STAFF, owner.parkId));
      if (issued === null || !maySee) return problem('fiscal_receipt_not_found');
      return qrImage(request, qrImages, issued.url);
    },
  });
