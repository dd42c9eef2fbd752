import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { QrImages } from '../application/qr-images.ts';
import type { Tickets } from '../application/ticket-view.ts';

const TYPES = ['image/svg+xml', 'image/png'] as const;
const DEFAULT_SIZE_PX = 512;

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
    query: Type.Object({
      size: Type.Optional(Type.Integer({ minimum: 128, maximum: 2048, description: 'Pixels a side, 512 if absent' })),
    }),
    responses: { 200: { description: 'The image', contentTypes: TYPES } },
    problems: ['ticket_not_found', 'not_paid'],
    async handle(request) {
      const { params, query, principal } = request;
      const found = await tickets.find(params.id);
      if (found === null || found.userId !== principal.userId) return problem('ticket_not_found');
      if (found.admissionCode === null) return problem('not_paid', { extra: { ticket_status: found.status } });
      const size = query.size ?? DEFAULT_SIZE_PX;
      const contentType = request.accepts(TYPES);
      const body =
        contentType === 'image/png' ? images.png(found.admissionCode, size) : images.svg(found.admissionCode, size);
      return { status: 200, contentType, body };
    },
  });
