import type { CleanImage, ImageRefusal } from '../../../kernel/clean-image.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { FileStore } from '../../../kernel/file-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { pictureAddress } from '../domain/park-pictures.ts';
import { park, type ParkRefusal } from '../domain/park.ts';
import { parkName } from './edit-park.ts';
import type { ParkCatalogue } from './park-catalogue.ts';

/** The most that a picture of a park is wide or high. */
const MOST_SIDE = 2048;

type AddRefusal = ImageRefusal | Extract<ParkRefusal, { readonly code: 'park_not_found' | 'too_many_images' }>;

export type Pictures = {
  /** Adds a picture after the others of its park; answers where it is seen. */
  add(parkId: string, picture: Uint8Array, meta: CommandMeta): Promise<Result<string, AddRefusal>>;
  /** In JPEG; null unless the park shows it. */
  find(parkId: string, pictureId: string): Promise<Uint8Array | null>;
  /** Deletes the file of a picture that its park shows no longer. */
  forget(parkId: string, pictureId: string): Promise<void>;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly catalogue: Pick<ParkCatalogue, 'find'>;
  readonly files: FileStore;
  readonly ids: Ids;
  readonly cleanImage: CleanImage;
};

const keyOf = (parkId: string, pictureId: string): string => `parks/${parkId}/${pictureId}`;

/** Pictures of parks: everybody may see them, so they are kept as they are. */
export function createPictures({ runner, catalogue, files, ids, cleanImage }: Dependencies): Pictures {
  return {
    async add(parkId, picture, meta) {
      if ((await catalogue.find(parkId)) === null) return refuse({ code: 'park_not_found' });
      const cleaned = await cleanImage(picture, MOST_SIDE);
      if (!cleaned.ok) return cleaned;
      // A repeated request makes the same picture.
      const pictureId = meta.commandId === undefined ? ids.next() : ids.derive(`picture:${meta.commandId}`);
      // The file first: whoever reads that there is a picture finds it.
      await files.put(keyOf(parkId, pictureId), cleaned.value);
      const command = { kind: 'add_picture', pictureId } as const;
      const done = await runner.run(park, ids.derive(parkName(parkId)), command, { ...meta, parkId });
      if (done.ok) return ok(pictureAddress(parkId, pictureId));
      await files.delete(keyOf(parkId, pictureId));
      return refuse(only(['park_not_found', 'too_many_images'], done.refusal));
    },
    async find(parkId, pictureId) {
      const card = await catalogue.find(parkId);
      if (card?.images.includes(pictureAddress(parkId, pictureId)) !== true) return null;
      return files.get(keyOf(parkId, pictureId));
    },
    forget: (parkId, pictureId) => files.delete(keyOf(parkId, pictureId)),
  };
}
