import { nameOfAmenity } from '../../shared/i18n/amenities.ts';
import { AMENITIES } from '../../shared/i18n/amenity-list.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../shared/i18n/language-list.ts';
import { Field } from '../../shared/ui/form.tsx';
import type { Park } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { SelectField } from '../ui/select-field.tsx';
import type { ParkDraft } from './park-edit.ts';

const PERCENT = { type: 'number', min: '0', max: '100', required: true } as const;
const DEGREES = { inputMode: 'decimal', maxLength: 20, required: true } as const;
const SUM = { inputMode: 'decimal', maxLength: 20, required: true } as const;

type Props = { readonly park: ParkDraft };

/** What holds on every day that has no rule of its own. */
export function ParkFields({ park }: Props) {
  const { parks: words, calendar } = texts();
  return (
    <>
      <h2>{words.everyDay}</h2>
      <div class="pair">
        <Field label={calendar.openTime} name="openTime" type="time" required defaultValue={park.open_time} />
        <Field label={calendar.closeTime} name="closeTime" type="time" required defaultValue={park.close_time} />
        <Field
          label={words.capacity}
          name="capacity"
          type="number"
          min="1"
          max="100000"
          required
          hint={words.capacityHint}
          defaultValue={String(park.capacity)}
        />
      </div>
      <div class="pair">
        <Field label={calendar.priceUnder3} name="priceUnder3" {...SUM} defaultValue={park.price_under_3} />
        <Field label={calendar.priceOver3} name="priceOver3" {...SUM} defaultValue={park.price_over_3} />
        <Field label={calendar.priceAdult} name="priceAdult" {...SUM} defaultValue={park.price_adult} />
      </div>
      <div class="pair">
        <Field
          label={words.groupPercent}
          name="groupPercent"
          {...PERCENT}
          hint={words.groupHint}
          defaultValue={String(park.group_percent)}
        />
        <Field
          label={words.walkUp}
          name="walkUp"
          {...PERCENT}
          hint={words.walkUpHint}
          defaultValue={String(park.walk_up_share_percent)}
        />
        <SelectField<Park['re_entry']>
          label={words.reEntry}
          name="reEntry"
          value={park.re_entry}
          options={(['none', 'same_day'] as const).map((value) => ({ value, label: words.reEntries[value] }))}
        />
      </div>
      <WhereAndWhat park={park} />
      <ShownToGuests park={park} />
    </>
  );
}

/** Where a park is, and what there is. */
function WhereAndWhat({ park }: Props) {
  const { parks: words } = texts();
  return (
    <>
      <h2>{words.position}</h2>
      <div class="pair">
        <Field label={words.lat} name="lat" {...DEGREES} hint={words.positionHint} defaultValue={String(park.lat)} />
        <Field label={words.lng} name="lng" {...DEGREES} defaultValue={String(park.lng)} />
      </div>
      <fieldset>
        <legend>{words.amenities}</legend>
        <div class="row choices">
          {AMENITIES.map((amenity) => (
            <label key={amenity}>
              <input type="checkbox" name={`amenity.${amenity}`} defaultChecked={park.amenities.includes(amenity)} />
              {nameOfAmenity(amenity)}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

function ShownToGuests({ park }: Props) {
  const { parks: words } = texts();
  return (
    <>
      <h2>{words.shownToGuests}</h2>
      {LANGUAGES.map((language) => (
        <div key={language} class="pair" lang={language}>
          <Field
            label={words.nameIn(LANGUAGE_NAMES[language])}
            name={`name.${language}`}
            required
            maxLength={100}
            defaultValue={park.names[language]}
          />
          <Field
            label={words.addressIn(LANGUAGE_NAMES[language])}
            name={`address.${language}`}
            required
            maxLength={300}
            defaultValue={park.addresses[language]}
          />
        </div>
      ))}
    </>
  );
}
