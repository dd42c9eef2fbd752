import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { leastTimes } from '../../../test/support/least-times.ts';
import { refuse } from '../../kernel/result.ts';
import { createManualClock } from '../clock.ts';
import { createImageCleaner } from './clean-image.ts';

const clean = createImageCleaner(createManualClock(0));

const noise = sharp({
  create: {
    width: 320,
    height: 200,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  },
});
const jpeg = await noise.clone().jpeg().toBuffer();
const png = await noise.clone().png().toBuffer();
const webp = await noise.clone().webp().toBuffer();

async function cleaned(bytes: Uint8Array, mostSide = 1024): Promise<Buffer> {
  const done = await clean(bytes, mostSide);
  if (!done.ok) throw new Error(done.refusal.code);
  return Buffer.from(done.value);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A black PNG, one bit a pixel, that is small however large the picture is. */
function flood(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

describe('a picture from outside', () => {
  test.each([
    ['JPEG', jpeg],
    ['PNG', png],
    ['WebP', webp],
  ])('in %s becomes a JPEG of the same size', async (_format, bytes) => {
    const { format, width, height } = await sharp(await cleaned(bytes)).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 320, height: 200 });
  });

  test('is made to fit, and never made larger', async () => {
    const small = await sharp(await cleaned(jpeg, 100)).metadata();
    expect([small.width, small.height]).toEqual([100, 63]);
  });

  test('loses place, camera, comment and profile, and is turned upright first', async () => {
    const exif = { IFD0: { Copyright: 'Secret Owner', Orientation: '6' }, IFD3: { GPSLatitude: '42/1 52/1 0/1' } };
    const tagged = await noise.clone().withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect((await sharp(tagged).metadata()).exif).toBeDefined();
    expect(tagged.includes('Secret Owner')).toBe(true);
    const upright = await cleaned(tagged);
    const { width, height, exif: left, icc, xmp, iptc, orientation } = await sharp(upright).metadata();
    expect([width, height]).toEqual([200, 320]);
    expect([left, icc, xmp, iptc, orientation]).toEqual(Array(5).fill(undefined));
    expect(upright.includes('Secret Owner')).toBe(false);
  });

  test('that is also something else leaves that behind', async () => {
    const script = '<script>alert(1)</script>PK\u0003\u0004';
    for (const bytes of [jpeg, png, webp]) {
      const drawn = await cleaned(Buffer.concat([bytes, Buffer.from(script)]));
      expect(drawn.includes('script')).toBe(false);
      expect(drawn.includes('PK\u0003\u0004')).toBe(false);
    }
  });

  test('of more than 25 million pixels is refused before it is unpacked', async () => {
    const bytes = flood(20_000, 13_000);
    expect(bytes.length).toBeLessThan(100_000);
    const allowed = flood(5000, 5000);
    const [refusedMs = 0, unpackedMs = 0] = await leastTimes(
      2,
      async () => expect(await clean(bytes, 1024)).toEqual(refuse({ code: 'too_many_pixels', most: 25_000_000 })),
      async () => expect(await clean(allowed, 64)).toMatchObject({ ok: true }),
    );
    // A tenth of it to unpack takes longer.
    expect(refusedMs).toBeLessThan(unpackedMs);
    expect((await clean(flood(5000, 5001), 64)).ok).toBe(false);
  });
});

describe('what is no picture', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>');
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  const eicar = Buffer.from('X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*');

  test.each([
    ['a drawing with a script', svg],
    ['a GIF', gif],
    ['a virus test file', eicar],
    ['a page', Buffer.from('<!doctype html><img src=x>')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['a sound', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
  ])('%s is of no type that is read', async (_what, bytes) => {
    expect(await clean(bytes, 1024)).toEqual(refuse({ code: 'wrong_image_type' }));
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['half a JPEG', jpeg.subarray(0, jpeg.length / 2)],
    ['a JPEG without its end', jpeg.subarray(0, jpeg.length - 200)],
    ['half a PNG', png.subarray(0, png.length / 2)],
    ['half a WebP', webp.subarray(0, webp.length / 2)],
    ['a signature alone', jpeg.subarray(0, 3)],
    ['noise behind a signature', Buffer.concat([png.subarray(0, 8), Buffer.alloc(500, 7)])],
  ])('%s is unreadable', async (_what, bytes) => {
    expect(await clean(bytes, 1024)).toEqual(refuse({ code: 'unreadable_image' }));
  });
});

test('pictures are drawn one at a time, and beyond the queue the answer is that we are busy', async () => {
  const narrow = createImageCleaner(createManualClock(0), { concurrency: 1, maxWaiting: 1, longestWaitMs: 60_000 });
  const answers = await Promise.all(Array.from({ length: 5 }, () => narrow(jpeg, 64)));
  expect(answers.map((answer) => answer.ok)).toEqual([true, true, false, false, false]);
  expect(answers.at(-1)).toEqual(refuse({ code: 'busy' }));
});
