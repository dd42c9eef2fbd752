import type { Result } from './result.ts';

/** Why an upload is no picture that is kept. */
export type ImageRefusal =
  /** Nothing of the types that are read, whatever it was called. */
  | { readonly code: 'wrong_image_type' }
  /** Empty, cut short or damaged. */
  | { readonly code: 'unreadable_image' }
  | { readonly code: 'too_many_pixels'; readonly most: number }
  /** More pictures wait than can be drawn soon. */
  | { readonly code: 'busy' };

/**
 * Port: a new picture, in JPEG, of what the bytes show: turned upright, without place, camera, time or anything else that came
 * with it, at most `mostSide` pixels wide and high.
 */
export type CleanImage = (bytes: Uint8Array, mostSide: number) => Promise<Result<Uint8Array, ImageRefusal>>;
