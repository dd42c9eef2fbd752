import type { CacheTopic, ReadCache } from '../../../kernel/read-cache.ts';
import type { DaySources, ParkCatalogue } from './park-catalogue.ts';

/** The questions about parks and days that pages ask, answered from the cache. Editors and sales ask for themselves. */
export const keepAnswers = (
  cache: ReadCache,
  topic: CacheTopic,
  { catalogue, daySources }: { readonly catalogue: ParkCatalogue; readonly daySources: DaySources },
): { readonly catalogue: ParkCatalogue; readonly daySources: Pick<DaySources, 'range'> } => ({
  catalogue: {
    find: (parkId) => cache.through(topic, parkId, 'card', () => catalogue.find(parkId)),
    all: () => cache.through(topic, null, 'all', () => catalogue.all()),
  },
  daySources: {
    range: (parkId, dates) =>
      cache.through(topic, parkId, `days ${dates[0] ?? ''} ${dates.length}`, () => daySources.range(parkId, dates)),
  },
});
