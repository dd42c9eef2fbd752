import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { user } from '../../shared/api/session.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';
import { mostPoints, pricedVisit, type Visit } from './draft.ts';

export type PriceLine = components['schemas']['Quote']['price_breakdown'][number];

export type Quoted = {
  readonly price: string;
  readonly lines: readonly PriceLine[];
  /** Points that this price takes off, and the most that it could. */
  readonly points: number;
  readonly mostPoints: number;
};

const isGuest = (): boolean => user.value !== null && user.value !== undefined;

async function ask(visit: Visit): Promise<Outcome<components['schemas']['Quote']>> {
  return outcomeOf(api.POST('/api/v1/tickets/quote', { body: visit }));
}

async function pointsHeld(): Promise<number> {
  if (!isGuest()) return 0;
  const found = await outcomeOf(api.GET('/api/v1/loyalty'));
  return found.ok ? found.value.points : 0;
}

async function quote(visit: Visit, spends: boolean): Promise<Outcome<Quoted>> {
  const [plain, held] = await Promise.all([ask(visit), pointsHeld()]);
  if (!plain.ok) return plain;
  const most = mostPoints(held, plain.value.price);
  const points = spends ? most : 0;
  const priced = points === 0 ? plain : await ask({ ...visit, points });
  if (!priced.ok) return priced;
  const { price, price_breakdown: lines } = priced.value;
  return { ok: true, value: { price, lines, points, mostPoints: most } };
}

/** What a visit costs; null while it is not yet said who comes and when. */
export function useQuote(visit: Visit | null, spends: boolean): Loading<Quoted | null> {
  const priced = visit === null ? null : pricedVisit(visit);
  return useLoad<Quoted | null>(
    async () => (priced === null ? { ok: true, value: null } : quote(priced, spends)),
    [JSON.stringify(priced), spends, isGuest()],
  );
}
