import { decode } from 'fast-png';
import type { Locator } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';

/** What a camera reads in a part of the page. */
export async function readCode(place: Locator): Promise<string> {
  // Bars that stay where they are would cover a part of it.
  await place.evaluate("(element) => element.scrollIntoView({ block: 'center' })");
  const { width, height, channels, data } = decode(await place.screenshot());
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      rgba[pixel * 4 + channel] = Number(data[pixel * channels + channel]);
    }
  }
  return decodeQR({ width, height, data: rgba }, { effort: 100, timeLimit: 10_000 });
}
