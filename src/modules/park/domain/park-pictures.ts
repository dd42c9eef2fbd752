import type { ParkPicturesRemoved } from '../contract.ts';
import type { ParkProfile } from './park-profile.ts';

const folderOf = (parkId: string): string => `/api/v1/parks/${parkId}/images/`;

/** Where everybody sees a picture that is kept by us. */
export const pictureAddress = (parkId: string, pictureId: string): string => `${folderOf(parkId)}${pictureId}`;

type Pictures = Pick<ParkProfile, 'parkId' | 'images'>;

/** The ids of those pictures of a park that are kept by us; others are somewhere else. */
const keptIn = ({ parkId, images }: Pictures): readonly string[] =>
  images.filter((image) => image.startsWith(folderOf(parkId))).map((image) => image.slice(folderOf(parkId).length));

/** Whether a park would show a picture of ours that was never uploaded to it, or is gone. */
export function hasUnknownPicture(before: Pictures, after: Pictures): boolean {
  const kept = keptIn(before);
  return keptIn(after).some((pictureId) => !kept.includes(pictureId));
}

/** Told when a park shows pictures of ours no longer. */
export function picturesRemoved(before: Pictures, after: Pictures): readonly ParkPicturesRemoved[] {
  const left = keptIn(after);
  const pictureIds = keptIn(before).filter((pictureId) => !left.includes(pictureId));
  return pictureIds.length === 0 ? [] : [{ type: 'ParkPicturesRemoved', data: { parkId: before.parkId, pictureIds } }];
}
