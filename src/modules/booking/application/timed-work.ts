import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Where } from '../../../kernel/node-role.ts';
import type { CancelClosedDays } from './close-day.ts';
import type { EndDays } from './end-days.ts';
import type { ExpireHolds } from './expire-holds.ts';
import type { OfferPlaces } from './offer-places.ts';
import type { Shares } from './shares.ts';

type Parts = {
  readonly expireHolds: ExpireHolds;
  readonly offerPlaces: OfferPlaces;
  readonly endDays: EndDays;
  readonly cancelClosedDays: CancelClosedDays;
  readonly shares: Pick<Shares, 'grantWalkUps' | 'tend' | 'rememberUsedSales'>;
};

type Round = { readonly limit: number; readonly meta: CommandMeta; readonly stopping: AbortSignal };
type Work = {
  readonly name: string;
  readonly everyMs: number;
  readonly runsAt?: Where;
  run(round: Round): Promise<unknown>;
};

/** What is due from time to time. */
export const timedWork = (parts: Parts): readonly Work[] => [
  {
    name: 'expire holds',
    everyMs: 2000,
    runsAt: 'everywhere',
    run: ({ limit, meta }) => parts.expireHolds(limit, meta),
  },
  { name: 'remember sales', everyMs: 10_000, run: ({ limit, meta }) => parts.shares.rememberUsedSales(limit, meta) },
  { name: 'offer places', everyMs: 2000, run: ({ meta }) => parts.offerPlaces(meta) },
  {
    name: 'cancel closed days',
    everyMs: 2000,
    runsAt: 'everywhere',
    run: ({ limit, meta, stopping }) => parts.cancelClosedDays(limit, meta, stopping),
  },
  { name: 'end days', everyMs: 60_000, runsAt: 'everywhere', run: ({ limit, meta }) => parts.endDays(limit, meta) },
  { name: 'grant walk-up shares', everyMs: 60_000, run: ({ meta }) => parts.shares.grantWalkUps(meta) },
  { name: 'tend shares', everyMs: 15_000, runsAt: 'park', run: ({ meta }) => parts.shares.tend(meta) },
];
