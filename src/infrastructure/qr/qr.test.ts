import { decode } from 'fast-png';
import fc from 'fast-check';
import { decodeQR } from 'qr/decode.js';
import { describe, expect, test } from 'vitest';
import { layOutQr, QUIET_MODULES } from './qr-layout.ts';
import { qrPng } from './qr-png.ts';
import { qrSvg } from './qr-svg.ts';

/** As long as an admission code of a park with a long name. */
const CODE = 'AaBbCcDdEeFf0123456789_-'.repeat(6);

/** Grey values, one a pixel. */
function greysOf(png: Uint8Array): { readonly width: number; readonly height: number; readonly grey: Uint8Array } {
  const { width, height, depth, channels, data } = decode(png);
  expect({ depth, channels }).toEqual({ depth: 1, channels: 1 });
  const lineBytes = Math.ceil(width / 8);
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const byte = data[y * lineBytes + (x >> 3)] ?? 0;
      grey[y * width + x] = (byte >> (7 - (x & 7))) & 1 ? 255 : 0;
    }
  }
  return { width, height, grey };
}

function readPng(png: Uint8Array): string {
  const { width, height, grey } = greysOf(png);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  grey.forEach((value, index) => rgba.fill(value, index * 4, index * 4 + 3));
  return decodeQR({ width, height, data: rgba }, { effort: 100, timeLimit: 10_000 });
}

describe('PNG', () => {
  test.each([128, 129, 300, 512, 1024, 2048])(
    'at %i pixels the image has that size and a reader gets the text back',
    (sizePx) => {
      const png = qrPng(CODE, sizePx);
      expect(greysOf(png)).toMatchObject({ width: sizePx, height: sizePx });
      expect(readPng(png)).toBe(CODE);
    },
  );

  test('any text that fits comes back from the image', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 160 }), (text) => {
        expect(readPng(qrPng(text, 512))).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  test('a printable image is a few kilobytes', () => {
    expect(qrPng(CODE).length).toBeLessThan(2_000);
    expect(qrPng(CODE, 2048).length).toBeLessThan(8_000);
  });
});

describe('SVG', () => {
  test('its path covers exactly the dark modules', () => {
    const svg = qrSvg(CODE, 512);
    const { modules, modulePx, offsetPx } = layOutQr(CODE, 512);
    expect(svg).toContain(`width="512" height="512" viewBox="0 0 512 512"`);
    expect(svg).toContain(`translate(${offsetPx} ${offsetPx}) scale(${modulePx})`);
    const drawn = modules.map((row) => row.map(() => false));
    for (const [, x, y, width, back] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
      expect(back).toBe(width);
      drawn[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
    }
    expect(drawn).toEqual(modules);
  });

  test('nothing of the text itself is in the image', () => {
    expect(qrSvg('"/><script>alert(1)</script>')).not.toContain('script');
  });
});

describe('layout', () => {
  test('modules are whole pixels and the quiet zone has at least four modules on every side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 128, max: 2048 }), (sizePx) => {
        const { modules, modulePx, offsetPx } = layOutQr(CODE, sizePx);
        const end = sizePx - offsetPx - modulePx * modules.length;
        expect(Number.isInteger(modulePx)).toBe(true);
        expect(Math.min(offsetPx, end)).toBeGreaterThanOrEqual(QUIET_MODULES * modulePx);
      }),
      { numRuns: 50 },
    );
  });

  test('a square too small for the modules is refused, and so is a text too long for any QR code', () => {
    expect(() => qrPng(CODE, 40)).toThrow(RangeError);
    expect(() => qrSvg('x'.repeat(3_000))).toThrow();
  });
});
