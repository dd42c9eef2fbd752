import { Users } from 'lucide';
import { useOccupancy } from '../../shared/api/use-occupancy.ts';
import { fullnessOf } from '../../shared/format/fullness.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import type { Park } from './parks.ts';

type Props = { readonly current: number; readonly capacity: number };

/** How many people are inside, and whether there is room for more. */
export const Crowd = ({ current, capacity }: Props) => (
  <span class={`badge ${fullnessOf(current, capacity)}`}>
    <Icon of={Users} />
    {texts().park.inside(current, capacity)}
  </span>
);

/** The same as it changes. What the park said first is there until the stream is. */
export function LiveCrowd({ park }: { readonly park: Park }) {
  const { now } = useOccupancy(park.id);
  return <Crowd current={now?.current ?? park.current_occupancy} capacity={now?.capacity ?? park.capacity} />;
}
