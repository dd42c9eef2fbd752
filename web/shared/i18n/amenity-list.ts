import type { components } from '../../../clients/typescript/schema.d.ts';

export type Amenity = components['schemas']['Park']['amenities'][number];

const EVERY: Readonly<Record<Amenity, true>> = {
  birthday_room: true,
  cafe: true,
  climbing_wall: true,
  first_aid: true,
  lockers: true,
  nursing_room: true,
  parking: true,
  playground: true,
  prayer_room: true,
  rope_course: true,
  slides: true,
  toddler_zone: true,
  trampolines: true,
  wheelchair_access: true,
  wifi: true,
};

/** Everything that a park may have, in one order. */
export const AMENITIES = Object.keys(EVERY) as readonly Amenity[];
