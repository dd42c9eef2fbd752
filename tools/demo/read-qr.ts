import { decode } from 'fast-png';
import { decodeQR } from 'qr/decode.js';

/** What a scanner reads in a PNG of one bit a pixel, black on white. */
export function readQr(png: Uint8Array): string {
  const { width, height, depth, channels, data } = decode(png);
  if (depth !== 1 || channels !== 1) throw new Error(`a PNG with ${channels} channels of ${depth} bits`);
  const lineBytes = Math.ceil(width / 8);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isWhite = ((data[y * lineBytes + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
      if (!isWhite) rgba.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decodeQR({ width, height, data: rgba }, { effort: 100, timeLimit: 10_000 });
}
