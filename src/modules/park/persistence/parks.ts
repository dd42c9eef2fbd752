import { trustedSom } from '../../../kernel/money.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { ParkCard, ParkCatalogue } from '../application/park-catalogue.ts';
import type { Translated } from '../domain/park.ts';

export const parksProjection: Projection = {
  name: 'park.parks',
  schema: 'park',
  tables: ['parks'],
  eventTypes: ['ParkOpened'],
  functionName: 'park.project_parks',
};

const COLUMNS = `id, names, addresses, capacity, price_under_3, price_over_3, price_adult, group_percent,
  to_char(open_time, 'HH24:MI') as open_time, to_char(close_time, 'HH24:MI') as close_time, time_zone,
  lat::float8 as lat, lng::float8 as lng, amenities, images`;

const BY_IDS = statement('park.by-ids', `select ${COLUMNS} from park.parks where id = any($1)`);
const ALL = statement('park.all', `select ${COLUMNS} from park.parks order by id`);

type Row = {
  readonly id: string;
  readonly names: Translated;
  readonly addresses: Translated;
  readonly capacity: number;
  readonly price_under_3: string;
  readonly price_over_3: string;
  readonly price_adult: string;
  readonly group_percent: number;
  readonly open_time: string;
  readonly close_time: string;
  readonly time_zone: string;
  readonly lat: number;
  readonly lng: number;
  readonly amenities: readonly string[];
  readonly images: readonly string[];
};

const toCard = (row: Row): ParkCard => ({
  parkId: row.id,
  names: row.names,
  addresses: row.addresses,
  capacity: row.capacity,
  priceUnder3Tyiyn: trustedSom(row.price_under_3),
  priceOver3Tyiyn: trustedSom(row.price_over_3),
  priceAdultTyiyn: trustedSom(row.price_adult),
  groupPercent: row.group_percent,
  openTime: row.open_time,
  closeTime: row.close_time,
  timeZone: row.time_zone,
  latitude: row.lat,
  longitude: row.lng,
  amenities: row.amenities,
  images: row.images,
});

/** Parks as they are now; look-ups made at the same time share one statement. */
export function createParkCatalogue(database: Database): ParkCatalogue {
  const byId = createBatcher<string, ParkCard | null>({
    maxItems: 256,
    maxQueued: 10_000,
    async run(ids) {
      const rows = await database.rows<Row>(BY_IDS, [[...new Set(ids)]]);
      const cards = new Map(rows.map((row) => [row.id, toCard(row)]));
      return ids.map((id) => cards.get(id) ?? null);
    },
  });
  return {
    find: (parkId) => byId.submit(parkId),
    all: async () => (await database.rows<Row>(ALL, [])).map(toCard),
  };
}
