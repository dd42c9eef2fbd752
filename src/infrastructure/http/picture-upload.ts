import { unreachable } from '../../kernel/assert.ts';
import type { ImageRefusal } from '../../kernel/clean-image.ts';
import { problem } from './problem.ts';

const TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

/** What a route says that reads a picture: its body is the file. */
export const PICTURE_UPLOAD = {
  bodyTypes: TYPES,
  rawBody: true,
  bodyLimitBytes: 5 * 1024 * 1024,
  limits: ['upload'],
} as const;

/** What such a route may answer when it is no picture that is kept. */
export const PICTURE_PROBLEMS = ['unsupported_media_type', 'unreadable_image', 'payload_too_large', 'busy'] as const;

export function pictureProblem(refusal: ImageRefusal) {
  switch (refusal.code) {
    case 'wrong_image_type':
      return problem('unsupported_media_type', {
        detail: `Send a picture in ${TYPES.join(', ')}.`,
        headers: { accept: TYPES.join(', ') },
      });
    case 'unreadable_image':
      return problem('unreadable_image');
    case 'too_many_pixels':
      return problem('payload_too_large', { detail: `The picture has more than ${refusal.most} pixels.` });
    case 'busy':
      return problem('busy');
    default:
      return unreachable(refusal, 'refusal of a picture');
  }
}
