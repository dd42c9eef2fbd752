import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { CleanImage, ImageRefusal } from '../../../kernel/clean-image.ts';
import type { FileStore } from '../../../kernel/file-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { FileVault } from '../../../kernel/vault.ts';
import { user } from '../domain/user.ts';
import { childOf, type Children } from './children.ts';

/** The most that a child's picture is wide or high. */
const MOST_SIDE = 1024;
const LINK_MS = 5 * 60_000;

/** Port: addresses that name something until a moment, and that nobody else can make. */
export type Links = {
  sign(text: string, expiresAtMs: number): string;
  /** What it names; null when it is over, was edited, or was never made by us. */
  open(link: string, nowMs: number): string | null;
};

export type Photos = {
  store(
    userId: string,
    childId: string,
    picture: Uint8Array,
    meta: CommandMeta,
  ): Promise<Result<null, ImageRefusal | { readonly code: 'child_not_found' }>>;
  remove(
    userId: string,
    childId: string,
    meta: CommandMeta,
  ): Promise<Result<null, { readonly code: 'child_not_found' | 'photo_not_found' }>>;
  link(
    userId: string,
    childId: string,
  ): Promise<
    Result<
      { readonly link: string; readonly expiresAtMs: number },
      { readonly code: 'child_not_found' | 'photo_not_found' }
    >
  >;
  /** The picture in JPEG. */
  open(link: string): Promise<Result<Uint8Array, { readonly code: 'link_expired' | 'photo_not_found' }>>;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly children: Children;
  readonly files: FileStore;
  readonly vault: FileVault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly cleanImage: CleanImage;
  readonly links: Links;
};

/** Where the folders of all accounts are. */
export const PHOTOS_FOLDER = 'children';
/** Where all pictures of an account are. */
export const photoFolder = (userId: string): string => `${PHOTOS_FOLDER}/${userId}`;

/** Pictures of children: kept sealed under the key of the account, shown through links that end soon. */
export function createPhotos(dependencies: Dependencies): Photos {
  const { runner, children, files, vault, ids, clock, cleanImage, links } = dependencies;
  const keyOf = async (userId: string, isThis: (key: string) => boolean): Promise<string | null> =>
    (await children.of(userId)).find(({ photoKey }) => photoKey !== null && isThis(photoKey))?.photoKey ?? null;
  return {
    async store(userId, childId, picture, meta) {
      if ((await childOf(children, userId, childId)) === null) return refuse({ code: 'child_not_found' });
      const cleaned = await cleanImage(picture, MOST_SIDE);
      if (!cleaned.ok) return cleaned;
      const sealed = await vault.sealBytes(userId, cleaned.value);
      if (sealed === null) return refuse({ code: 'child_not_found' });
      // The file first: whoever reads that there is a picture finds it.
      const photoKey = `${photoFolder(userId)}/${ids.next()}`;
      await files.put(photoKey, sealed);
      const done = await runner.run(user, userId, { kind: 'store_photo', userId, childId, photoKey }, meta);
      if (done.ok) return ok(null);
      await files.delete(photoKey);
      only(['user_not_found', 'child_not_found'], done.refusal);
      return refuse({ code: 'child_not_found' });
    },
    async remove(userId, childId, meta) {
      const done = await runner.run(user, userId, { kind: 'remove_photo', userId, childId }, meta);
      if (done.ok) return ok(null);
      const { code } = only(['user_not_found', 'child_not_found', 'photo_not_found'], done.refusal);
      return refuse({ code: code === 'user_not_found' ? 'child_not_found' : code });
    },
    async link(userId, childId) {
      const child = await childOf(children, userId, childId);
      if (child === null) return refuse({ code: 'child_not_found' });
      if (child.photoKey === null) return refuse({ code: 'photo_not_found' });
      const expiresAtMs = clock.now() + LINK_MS;
      return ok({ link: links.sign(child.photoKey, expiresAtMs), expiresAtMs });
    },
    async open(link) {
      const named = links.open(link, clock.now());
      if (named === null) return refuse({ code: 'link_expired' });
      const [, userId = ''] = named.split('/');
      // A link may outlive its picture.
      const photoKey = await keyOf(userId, (key) => key === named);
      const sealed = photoKey === null ? null : await files.get(photoKey);
      const opened = sealed === null ? null : await vault.openBytes(userId, sealed);
      return opened === null ? refuse({ code: 'photo_not_found' }) : ok(opened);
    },
  };
}
