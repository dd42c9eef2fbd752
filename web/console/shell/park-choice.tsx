import { MapPin } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';
import { lookAt, nameOfPark, parkInView, parks } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';

/** Chooses the park that the pages are about. Who works at one park has nothing to choose. */
export function ParkChoice() {
  if (parks.value.length === 1) {
    return (
      <p class="row">
        <Icon of={MapPin} />
        <strong>{nameOfPark(parks.value[0]?.id ?? '')}</strong>
      </p>
    );
  }
  return (
    <label class="row park-choice">
      <Icon of={MapPin} />
      <span class="visually-hidden">{texts().shell.park}</span>
      <select
        class="plain-select"
        value={parkInView.value ?? ''}
        onChange={({ currentTarget }) => lookAt(currentTarget.value === '' ? null : currentTarget.value)}
      >
        <option value="">{texts().shell.allParks}</option>
        {parks.value.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
