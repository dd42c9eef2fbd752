import { Clock, MapPin } from 'lucide';
import { usePoll } from '../../shared/api/use-poll.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { money } from '../../shared/format/money.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { Crowd } from './crowd.tsx';
import { ParkPicture } from './park-picture.tsx';
import { refreshParks, useParks, type Park } from './parks.ts';

/** How often the list looks how full the parks are; a stream a park would take all connections that a browser opens. */
const CROWD_MS = 60_000;

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
      <p>
        <Crowd current={park.current_occupancy} capacity={park.capacity} />
      </p>
    </div>
  </article>
);

/** The first page: which park. */
export function ParksPage() {
  const parks = useParks();
  usePoll(() => void refreshParks().then(parks.reload), CROWD_MS);
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
