import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { ParkCard, ParkCatalogue } from '../application/park-catalogue.ts';
import type { ReEntry, Translated } from '../contract.ts';
import { DAY_COLUMNS, dayDefaultsOf, type DayRow } from './stored-rules.ts';

export const parksProjection: Projection = {
  name: 'park.parks',
  schema: 'park',
  tables: ['parks'],
  eventTypes: ['ParkOpened', 'ParkEdited'],
  functionName: 'park.project_parks',
  shared: [{ table: 'parks', parkColumn: null, key: ['id'], except: [] }],
};

const COLUMNS = `p.id, p.names, p.addresses, p.lat::float8 as lat, p.lng::float8 as lng, p.amenities, p.images, p.re_entry,
  p.walk_up_share_percent, p.version, ${DAY_COLUMNS}`;

const BY_IDS = statement('park.by-ids', `select ${COLUMNS} from park.parks p where p.id = any($1)`);
const ALL = statement('park.all', `select ${COLUMNS} from park.parks p order by p.id`);

type Row = DayRow & {
  readonly id: string;
  readonly names: Translated;
  readonly addresses: Translated;
  readonly lat: number;
  readonly lng: number;
  readonly amenities: readonly string[];
  readonly images: readonly string[];
  readonly re_entry: ReEntry;
  readonly walk_up_share_percent: number;
  readonly version: number;
};

const toCard = (row: Row): ParkCard => ({
  ...dayDefaultsOf(row.id, row),
  names: row.names,
  addresses: row.addresses,
  latitude: row.lat,
  longitude: row.lng,
  amenities: row.amenities,
  images: row.images,
  reEntry: row.re_entry,
  walkUpSharePercent: row.walk_up_share_percent,
  version: row.version,
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
