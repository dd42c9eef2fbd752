import {
  Accessibility,
  Baby,
  BriefcaseMedical,
  CakeSlice,
  Coffee,
  HandHeart,
  Lock,
  MoonStar,
  Mountain,
  MoveUp,
  SquareParking,
  ToyBrick,
  TreePine,
  TrendingDown,
  Wifi,
  type IconNode,
} from 'lucide';
import { nameOfAmenity } from '../../shared/i18n/amenities.ts';
import type { Amenity } from '../../shared/i18n/amenity-list.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';

const ICONS: Readonly<Record<Amenity, IconNode>> = {
  birthday_room: CakeSlice,
  cafe: Coffee,
  climbing_wall: Mountain,
  first_aid: BriefcaseMedical,
  lockers: Lock,
  nursing_room: HandHeart,
  parking: SquareParking,
  playground: ToyBrick,
  prayer_room: MoonStar,
  rope_course: TreePine,
  slides: TrendingDown,
  toddler_zone: Baby,
  trampolines: MoveUp,
  wheelchair_access: Accessibility,
  wifi: Wifi,
};

/** What a park has, each with its picture and word. */
export const Amenities = ({ of }: { readonly of: readonly Amenity[] }) => (
  <ul class="chips" aria-label={texts().park.amenities}>
    {of.map((amenity) => (
      <li key={amenity}>
        <Icon of={ICONS[amenity]} />
        {nameOfAmenity(amenity)}
      </li>
    ))}
  </ul>
);
