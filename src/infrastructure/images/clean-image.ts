import sharp from 'sharp';
import type { CleanImage, ImageRefusal } from '../../kernel/clean-image.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Clock } from '../../kernel/time.ts';
import { createWorkQueue, type WorkQueueLimits } from '../work-queue.ts';

const MOST_PIXELS = 25_000_000;
const LONGEST_SECONDS = 10;
const QUALITY = 82;

/** One picture at a time takes one processor, and some 200 MB at worst. */
const QUEUE: WorkQueueLimits = { concurrency: 1, maxWaiting: 16, longestWaitMs: 5_000 };

/** What files of JPEG, PNG and WebP begin with, in hexadecimal digits. */
const SIGNATURES = [/^ffd8ff/, /^89504e470d0a1a0a/, /^52494646.{8}57454250/];

const isReadType = (bytes: Buffer): boolean => {
  const head = bytes.toString('hex', 0, 12);
  return SIGNATURES.some((signature) => signature.test(head));
};

async function redraw(bytes: Buffer, mostSide: number): Promise<Result<Uint8Array, ImageRefusal>> {
  try {
    // Reads the head only, so a picture that is too large is never unpacked.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > MOST_PIXELS) return refuse({ code: 'too_many_pixels', most: MOST_PIXELS });
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .timeout({ seconds: LONGEST_SECONDS })
      .autoOrient()
      .resize(mostSide, mostSide, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY });
    return ok(await picture.toBuffer());
  } catch {
    return refuse({ code: 'unreadable_image' });
  }
}

/** Decodes and draws anew whatever comes from outside; only the three decoders that are needed can run. */
export function createImageCleaner(clock: Clock, limits: WorkQueueLimits = QUEUE): CleanImage {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
  });
  sharp.concurrency(1);
  sharp.cache(false);
  const queue = createWorkQueue(limits, clock);
  return async (bytes, mostSide) => {
    const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (image.length === 0) return refuse({ code: 'unreadable_image' });
    if (!isReadType(image)) return refuse({ code: 'wrong_image_type' });
    const done = await queue.run(() => redraw(image, mostSide));
    return done.ok ? done.value : done;
  };
}
