/** Port: draws a text as a QR code `sizePx` pixels a side, quiet zone included. */
export type QrImages = {
  svg(text: string, sizePx: number): string;
  png(text: string, sizePx: number): Uint8Array;
};
