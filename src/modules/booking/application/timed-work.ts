import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Where } from '../../../kernel/node-role.ts';
import type { CancelClosedDays } from './close-day.ts';
import type { EndDays } from './end-days.ts';
import type { ExpireHolds } from './expire-holds.ts';
import type { GrantShares } from './grant-shares.ts';
import type { HoldShare } from './hold-share.ts';
import type { OfferPlaces } from './offer-places.ts';

type Parts = {
  readonly expireHolds: ExpireHolds;
  readonly offerPlaces: OfferPlaces;
  readonly endDays: EndDays;
  readonly cancelClosedDays: CancelClosedDays;
  readonly shares: Pick<GrantShares & HoldShare, 'grantWalkUps' | 'tend'>;
};

type Round = { readonly limit: number; readonly meta: CommandMeta; readonly stopping: AbortSignal };
type Work = {
  readonly name: string;
  readonly everyMs: number;
  readonly runsAt?: Where;
  run(round: Round): Promise<unknown>;
};

/** What is due from time to time. */
export const timedWork = ({ expireHolds, offerPlaces, endDays, cancelClosedDays, shares }: Parts): readonly Work[] => [
  {
    name: 'expire holds',
    everyMs: 2000,
    runsAt: 'everywhere',
    run: ({ limit, meta }) => expireHolds(limit, meta),
  },
  { name: 'offer places', everyMs: 2000, run: ({ meta }) => offerPlaces(meta) },
  {
    name: 'cancel closed days',
    everyMs: 2000,
    runsAt: 'everywhere',
    run: ({ limit, meta, stopping }) => cancelClosedDays(limit, meta, stopping),
  },
  { name: 'end days', everyMs: 60_000, runsAt: 'everywhere', run: ({ limit, meta }) => endDays(limit, meta) },
  { name: 'grant walk-up shares', everyMs: 60_000, run: ({ meta }) => shares.grantWalkUps(meta) },
  { name: 'tend shares', everyMs: 15_000, runsAt: 'park', run: ({ meta }) => shares.tend(meta) },
];
