import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { qrImage, qrImageAnswer, qrImageQuery } from '../../../infrastructure/http/qr-image.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { QrImages } from '../../../kernel/qr-images.ts';
import type { Tickets } from '../application/ticket-view.ts';

export const getTicketQrRoute = (tickets: Tickets, images: QrImages) =>
  defineRoute({
    method: 'GET',
    path: '/tickets/:id/qr',
    operationId: 'getTicketQr',
    summary: 'The QR code that lets the party in',
    description: 'SVG or PNG by `Accept`; SVG scales and prints best.',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    query: qrImageQuery,
    responses: { 200: qrImageAnswer },
    problems: ['ticket_not_found', 'not_paid'],
    async handle(request) {
      const { params, principal } = request;
      const found = await tickets.find(params.id);
      if (found === null || found.userId !== principal.userId) return problem('ticket_not_found');
      if (found.admissionCode === null) return problem('not_paid', { extra: { ticket_status: found.status } });
      return qrImage(request, images, found.admissionCode);
    },
  });
