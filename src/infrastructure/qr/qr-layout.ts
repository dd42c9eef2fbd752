import { encodeQR } from 'qr';

/** Light modules around the symbol that readers count on (ISO/IEC 18004, 6.3.8). */
export const QUIET_MODULES = 4;
export const DEFAULT_SIZE_PX = 512;

export type QrLayout = {
  /** Rows of the symbol without its quiet zone; true is dark. */
  readonly modules: readonly (readonly boolean[])[];
  /** Side of a module: whole pixels, so that no edge is blurred. */
  readonly modulePx: number;
  /** Where the symbol begins, from the left and from the top. */
  readonly offsetPx: number;
  /** Side of the image. */
  readonly sizePx: number;
};

/**
 * A QR code of error correction level M, drawn as large as it fits into a square of exactly `sizePx` pixels with its quiet
 * zone; what is left over widens the quiet zone.
 * @throws RangeError when the text is too long for a QR code, or the square too small for its modules.
 */
export function layOutQr(text: string, sizePx: number): QrLayout {
  // The library draws no symbol without a border, so the narrowest is cut off again.
  const bordered = encodeQR(text, 'raw', { ecc: 'medium', border: 1 });
  const modules = bordered.slice(1, -1).map((row) => row.slice(1, -1));
  const modulePx = Math.floor(sizePx / (modules.length + 2 * QUIET_MODULES));
  if (modulePx < 1) throw new RangeError(`a QR code of ${modules.length} modules does not fit into ${sizePx} pixels`);
  return { modules, modulePx, offsetPx: Math.floor((sizePx - modulePx * modules.length) / 2), sizePx };
}
