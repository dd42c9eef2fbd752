import { Type } from 'typebox';
import type { QrImages } from '../../kernel/qr-images.ts';

const TYPES = ['image/svg+xml', 'image/png'] as const;
const DEFAULT_SIZE_PX = 512;

/** The query of a route that answers a QR code. */
export const qrImageQuery = Type.Object({
  size: Type.Optional(Type.Integer({ minimum: 128, maximum: 2048, description: 'Pixels a side, 512 if absent' })),
});

/** Its answer, SVG or PNG by `Accept`. */
export const qrImageAnswer = { description: 'The image', contentTypes: TYPES };

type Asked = {
  readonly query: { readonly size?: number };
  accepts(types: typeof TYPES): (typeof TYPES)[number];
};

/** Answers a text as the QR code that was asked for. */
export function qrImage(request: Asked, images: QrImages, text: string) {
  const sizePx = request.query.size ?? DEFAULT_SIZE_PX;
  const contentType = request.accepts(TYPES);
  const body = contentType === 'image/png' ? images.png(text, sizePx) : images.svg(text, sizePx);
  return { status: 200, contentType, body } as const;
}
