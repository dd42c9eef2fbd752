import { Clock, MapPin } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { money } from '../../shared/format/money.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { ParkPicture } from './park-picture.tsx';
import { useParks, type Park } from './parks.ts';

const ParkCard = ({ park, isFirst }: { readonly park: Park; readonly isFirst: boolean }) => (
  <article class="card park-card">
    <ParkPicture parkId={park.id} src={park.images[0]} isFirst={isFirst} />
    <div class="stack small">
      <h2>
        <a href={`/parks/${park.id}`} class="whole-card">
          {park.name}
        </a>
      </h2>
      <p class="muted">
        <Icon of={MapPin} /> {park.address}
      </p>
      <p class="row spread">
        <span class="muted">
          <Icon of={Clock} /> {park.open_time}–{park.close_time}
        </span>
        <strong>{texts().park.from(money(park.price_under_3))}</strong>
      </p>
    </div>
  </article>
);

/** The first page: which park. */
export function ParksPage() {
  const parks = useParks();
  return (
    <Page title={texts().title}>
      <p class="lead">{texts().lead}</p>
      <Loaded of={parks} skeletons={3}>
        {(items) =>
          items.length === 0 ? (
            <p class="card empty">{texts().park.none}</p>
          ) : (
            <div class="tiles">
              {items.map((park, index) => (
                <ParkCard key={park.id} park={park} isFirst={index === 0} />
              ))}
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}
