import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ParkPicturesRemoved } from '../contract.ts';
import { MOST_IMAGES, profileFault } from './park-faults.ts';
import { hasUnknownPicture, pictureAddress, picturesRemoved } from './park-pictures.ts';
import type { ParkChanges, ParkProfile } from './park-profile.ts';

export type ParkOpened = { readonly type: 'ParkOpened'; readonly data: ParkProfile };
export type ParkEdited = {
  readonly type: 'ParkEdited';
  readonly data: {
    readonly parkId: string;
    /** All of it, as it is from now on. */
    readonly profile: ParkProfile;
    readonly changed: readonly (keyof ParkChanges)[];
  };
};
export type ParkEvent = ParkOpened | ParkEdited | ParkPicturesRemoved;
export type ParkCommand =
  | { readonly kind: 'open'; readonly profile: ParkProfile }
  /** `version` is the one the editor saw. */
  | { readonly kind: 'edit'; readonly version: number; readonly changes: ParkChanges }
  /** After all others, whatever they are by now. */
  | { readonly kind: 'add_picture'; readonly pictureId: string };
/** `version` counts the events. */
export type ParkState = { readonly profile: ParkProfile | null; readonly version: number };
export type ParkRefusal =
  | { readonly code: 'park_exists' }
  | { readonly code: 'park_not_found' }
  | { readonly code: 'version_moved' }
  | { readonly code: 'too_many_images'; readonly most: number }
  | { readonly code: 'bad_park'; readonly field: keyof ParkProfile; readonly message: string };

/** A park of the chain: what guests see and what a day there costs by default. */
export const park: Decider<ParkCommand, ParkState, ParkEvent, ParkRefusal> = {
  aggregateType: 'Park',
  initial: { profile: null, version: 0 },
  decide(command, state) {
    if (command.kind === 'edit') return edit(command, state);
    if (command.kind === 'add_picture') return addPicture(command.pictureId, state);
    const { profile } = command;
    if (state.profile !== null) return refuse({ code: 'park_exists' });
    const fault = profileFault(profile) ?? pictureFault({ ...profile, images: [] }, profile);
    return fault === null ? ok([{ type: 'ParkOpened', data: profile }]) : refuse({ code: 'bad_park', ...fault });
  },
  evolve({ profile, version }, event) {
    switch (event.type) {
      case 'ParkOpened':
        return { profile: event.data, version: version + 1 };
      case 'ParkEdited':
        return { profile: event.data.profile, version: version + 1 };
      case 'ParkPicturesRemoved':
        return { profile, version: version + 1 };
      default:
        return unreachable(event, 'event of a park');
    }
  },
};

function pictureFault(before: ParkProfile, after: ParkProfile) {
  if (!hasUnknownPicture(before, after)) return null;
  return { field: 'images', message: 'pictures of this park that were uploaded, or https addresses' } as const;
}

function addPicture(pictureId: string, { profile }: ParkState): Result<readonly ParkEvent[], ParkRefusal> {
  if (profile === null) return refuse({ code: 'park_not_found' });
  if (profile.images.length >= MOST_IMAGES) return refuse({ code: 'too_many_images', most: MOST_IMAGES });
  const images = [...profile.images, pictureAddress(profile.parkId, pictureId)];
  return ok([
    { type: 'ParkEdited', data: { parkId: profile.parkId, profile: { ...profile, images }, changed: ['images'] } },
  ]);
}

function edit(
  { version, changes }: ParkCommand & { readonly kind: 'edit' },
  state: ParkState,
): Result<readonly ParkEvent[], ParkRefusal> {
  const { profile } = state;
  if (profile === null) return refuse({ code: 'park_not_found' });
  if (version !== state.version) return refuse({ code: 'version_moved' });
  const edited = { ...profile, ...changes };
  const fault = profileFault(edited) ?? pictureFault(profile, edited);
  if (fault !== null) return refuse({ code: 'bad_park', ...fault });
  const names = Object.keys(changes) as (keyof ParkChanges)[];
  const changed = names.filter((name) => textOf(edited[name]) !== textOf(profile[name])).toSorted();
  if (changed.length === 0) return ok([]);
  // The edit comes last: its version is the one that editors see.
  return ok([
    ...picturesRemoved(profile, edited),
    { type: 'ParkEdited', data: { parkId: profile.parkId, profile: edited, changed } },
  ]);
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
