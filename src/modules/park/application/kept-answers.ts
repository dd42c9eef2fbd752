import type { LocalDate } from '../../../kernel/time.ts';
import type { CacheTopic, ReadCache } from '../../../kernel/read-cache.ts';
import type { DaySources, ParkCatalogue } from './park-catalogue.ts';

type Questions = {
  readonly catalogue: ParkCatalogue;
  readonly daySources: DaySources;
  /** Anybody may ask for days from any date on; only so many are worth keeping. */
  readonly mayBeAskedOften: (first: LocalDate) => boolean;
};

/** The questions about parks and days that pages ask, answered from the cache. Editors and sales ask for themselves. */
export const keepAnswers = (
  cache: ReadCache,
  topic: CacheTopic,
  { catalogue, daySources, mayBeAskedOften }: Questions,
): { readonly catalogue: ParkCatalogue; readonly daySources: Pick<DaySources, 'range'> } => ({
  catalogue: {
    find: (parkId) => cache.through(topic, parkId, 'card', () => catalogue.find(parkId)),
    all: () => cache.through(topic, null, 'all', () => catalogue.all()),
  },
  daySources: {
    range: (parkId, dates) => {
      const ask = (): ReturnType<DaySources['range']> => daySources.range(parkId, dates);
      const [first = ''] = dates;
      return mayBeAskedOften(first) ? cache.through(topic, parkId, `days ${first} ${dates.length}`, ask) : ask();
    },
  },
});
