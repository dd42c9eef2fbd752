import type { FileStore } from '../../../kernel/file-store.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Children } from './children.ts';
import { PHOTOS_FOLDER } from './photos.ts';

/** Deletes pictures that no child has; answers how many. Each round goes on where the one before it ended. */
export type SweepPhotos = (limit: number) => Promise<number>;

/** Between the file and the event that names it lie moments; a file of this age without a name has lost its event. */
const FORGOTTEN_AFTER_MS = 3_600_000;

type Dependencies = { readonly files: FileStore; readonly children: Children; readonly clock: Clock };

/** When a picture was stored: its name is a UUID of version 7, which begins with milliseconds since 1970. */
const storedAtMs = (photoId: string): number => Number.parseInt(photoId.replace('-', '').slice(0, 12), 16);

/** A crash between keeping a picture and telling of it leaves a file that nobody will ever ask for or delete. */
export function createSweepPhotos({ files, children, clock }: Dependencies): SweepPhotos {
  let last: string | null = null;
  return async (limit) => {
    const keys = await files.list(PHOTOS_FOLDER, last, limit);
    last = keys.length < limit ? null : (keys.at(-1) ?? null);
    let deleted = 0;
    for (const key of keys) {
      const [, userId = '', photoId = ''] = key.split('/');
      if (clock.now() - storedAtMs(photoId) < FORGOTTEN_AFTER_MS) continue;
      const isNamed = (await children.of(userId)).some(({ photoKey }) => photoKey === key);
      if (isNamed) continue;
      await files.delete(key);
      deleted += 1;
    }
    return deleted;
  };
}
