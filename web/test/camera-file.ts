import { rename, writeFile } from 'node:fs/promises';
import { encodeQR } from 'qr';

const WIDTH = 640;
const HEIGHT = 480;
const MODULE_PX = 6;
const WHITE = 235;
const BLACK = 16;
const NO_COLOUR = 128;

/**
 * A picture for Chromium's own fake camera (`--use-file-for-fake-video-capture`): a QR code held before it, as YUV4MPEG2. The
 * browser opens the file when a page turns the camera on.
 */
export async function holdUp(file: string, code: string): Promise<void> {
  const modules = encodeQR(code, 'raw', { ecc: 'medium', border: 4 });
  const side = modules.length * MODULE_PX;
  const left = Math.floor((WIDTH - side) / 2);
  const top = Math.floor((HEIGHT - side) / 2);
  const light = Buffer.alloc(WIDTH * HEIGHT, WHITE);
  for (const [row, dots] of modules.entries()) {
    for (const [column, isDark] of dots.entries()) {
      if (!isDark) continue;
      for (let line = 0; line < MODULE_PX; line += 1) {
        const at = (top + row * MODULE_PX + line) * WIDTH + left + column * MODULE_PX;
        light.fill(BLACK, at, at + MODULE_PX);
      }
    }
  }
  const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, NO_COLOUR);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, colours]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  await writeFile(`${file}.new`, Buffer.concat([head, frame, frame]));
  await rename(`${file}.new`, file);
}
