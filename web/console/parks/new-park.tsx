import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { loadParks, lookAt, type Park } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { editFrom } from './park-edit.ts';
import { ParkFields } from './park-fields.tsx';

const BLANK = { ru: '', ky: '', en: '' } as const;

/** What the form of a new park begins with: the middle of Bishkek, and the figures of a park of middling size. */
const DRAFT: Omit<Park, 'id' | 'name' | 'address' | 'current_occupancy' | 'time_zone'> = {
  names: BLANK,
  addresses: BLANK,
  capacity: 300,
  price_under_3: '150.00',
  price_over_3: '350.00',
  price_adult: '0.00',
  group_percent: 10,
  open_time: '10:00',
  close_time: '20:00',
  weekday_prices: [],
  holiday_prices: null,
  lat: 42.8746,
  lng: 74.5698,
  amenities: [],
  images: [],
  re_entry: 'none',
  walk_up_share_percent: 20,
};

/** Asks for all that a park has to have. Its id is its name for ever. */
export function NewPark({ onClose }: { readonly onClose: () => unknown }) {
  const { parks: words } = texts();
  const send = intentOf('createPark');
  const open = async (fields: FormData): Promise<Problem | null> => {
    const body = { ...editFrom(fields), id: typed(fields, 'id') };
    const opened = await send(JSON.stringify(body), (header) =>
      outcomeOf(api.POST('/api/v1/parks', { params: { header }, body })),
    );
    if (!opened.ok) return opened.problem;
    await loadParks();
    lookAt(opened.value.id);
    say(words.opened(opened.value.name));
    onClose();
    return null;
  };
  return (
    <Dialog title={words.add} onClose={onClose}>
      <Form submit={words.open} onSubmit={open}>
        <Field label={words.id} name="id" required maxLength={50} hint={words.idHint} />
        <ParkFields park={DRAFT} />
      </Form>
    </Dialog>
  );
}
