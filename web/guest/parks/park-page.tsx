import { Clock, MapPin } from 'lucide';
import { useRoute } from 'preact-iso';
import { useLoad } from '../../shared/api/use-load.ts';
import { money } from '../../shared/format/money.ts';
import { AfterPaint } from '../../shared/ui/after-paint.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Booking } from '../booking/booking.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { Amenities } from './amenities.tsx';
import { LiveCrowd } from './crowd.tsx';
import { ParkPicture } from './park-picture.tsx';
import { listedPark, onePark, type Park } from './parks.ts';

const mapAddress = ({ lat, lng }: Park): string =>
  `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lng}#map=16/${lat}/${lng}`;

function Gallery({ park }: { readonly park: Park }) {
  const pictures = park.images.length === 0 ? [undefined] : park.images;
  return (
    <div class="gallery" tabIndex={pictures.length > 1 ? 0 : undefined}>
      {pictures.map((src, index) => (
        <ParkPicture key={src ?? 'drawing'} parkId={park.id} src={src} isFirst={index === 0} />
      ))}
    </div>
  );
}

const Prices = ({ park }: { readonly park: Park }) => (
  <dl class="price-lines">
    <div>
      <dt>{texts().priceLine.child_under_3.name}</dt>
      <dd>{money(park.price_under_3)}</dd>
    </div>
    <div>
      <dt>{texts().priceLine.child_over_3.name}</dt>
      <dd>{money(park.price_over_3)}</dd>
    </div>
    <div>
      <dt>{texts().priceLine.adult.name}</dt>
      <dd>{Number(park.price_adult) === 0 ? texts().free : money(park.price_adult)}</dd>
    </div>
  </dl>
);

const About = ({ park }: { readonly park: Park }) => (
  <section class="card park-about">
    <Gallery park={park} />
    <div class="stack small">
      <p>
        <Icon of={MapPin} /> {park.address}{' '}
        <a href={mapAddress(park)} target="_blank" rel="noreferrer">
          {texts().park.map}
        </a>
      </p>
      <p>
        <Icon of={Clock} /> {park.open_time}–{park.close_time}
      </p>
      <p>
        <LiveCrowd park={park} />
      </p>
      <Amenities of={park.amenities} />
      <Prices park={park} />
      {park.group_percent > 0 && <p class="muted">{texts().park.group(park.group_percent)}</p>}
    </div>
  </section>
);

/** One park: what is there, when it is open, and a visit to buy. */
export function ParkPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const found = useLoad(() => onePark.ask(id), [id]);
  const name = (found.value ?? listedPark(id))?.name ?? texts().park.one;
  return (
    <Page title={name} back={{ href: '/', label: texts().toParks }}>
      <Loaded of={found} skeletons={2}>
        {(park) => (
          <div class="stack">
            <About park={park} />
            <AfterPaint>
              <Booking park={park} />
            </AfterPaint>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
