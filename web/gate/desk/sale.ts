import type { components } from '../../../clients/typescript/schema.d.ts';
import { createSkyParkClient } from '../../../clients/typescript/client.ts';
import { api, inOurLanguage } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { today } from '../../shared/format/day.ts';

export type DeskTicket = components['schemas']['DeskTicket'];
export type Shift = components['schemas']['Shift'];
export type Method = 'cash' | 'elcard_terminal' | 'elqr';

/** A party as the desk counts it. Prices know two ages of children; which year within one is asked of nobody. */
export type Party = { readonly under3: number; readonly over3: number; readonly adults: number };

const UNDER_3 = { age: 2 } as const;
const OVER_3 = { age: 7 } as const;

export const NOBODY: Party = { under3: 0, over3: 0, adults: 0 };

/** A quote wants a name for each child, and asks nothing of it. */
const NAMED = { name: '1' } as const;

const childrenOf = ({ under3, over3 }: Party) => [
  ...Array.from({ length: under3 }, () => UNDER_3),
  ...Array.from({ length: over3 }, () => OVER_3),
];

/** Nobody's prices: what the cashier would get taken off as a guest is not the party's. */
const anybody = createSkyParkClient({
  baseUrl: location.origin,
  fetch: (input) => fetch(inOurLanguage(input)),
});

export const quote = (parkId: string, party: Party): Promise<Outcome<components['schemas']['Quote']>> =>
  outcomeOf(
    anybody.POST('/api/v1/tickets/quote', {
      body: {
        park_id: parkId,
        visit_date: today(),
        children: childrenOf(party).map((child) => ({ ...NAMED, ...child })),
        adults: party.adults,
      },
    }),
  );

type Keyed = { readonly 'Idempotency-Key': string };

export const sell = (
  header: Keyed,
  parkId: string,
  party: Party,
  by: { readonly method: Method; readonly slip: string },
): Promise<Outcome<DeskTicket>> =>
  outcomeOf(
    api.POST('/api/v1/gate/sales', {
      params: { header },
      body: {
        park_id: parkId,
        children: childrenOf(party),
        adults: party.adults,
        method: by.method,
        ...(by.method === 'elcard_terminal' ? { terminal_reference: by.slip } : {}),
      },
    }),
  );

export const saleNow = (id: string): Promise<Outcome<DeskTicket>> =>
  outcomeOf(api.GET('/api/v1/gate/sales/{id}', { params: { path: { id } } }));

/** The open shift of whoever is signed in; null when there is none. */
export async function openShiftOf(parkId: string, cashierId: string | null): Promise<Outcome<{ shift: Shift | null }>> {
  const page = await outcomeOf(api.GET('/api/v1/gate/shifts', { params: { query: { park_id: parkId, limit: 100 } } }));
  if (!page.ok) return page;
  const isOwn = ({ status, cashier_id: cashier }: Shift): boolean => status === 'open' && cashier === cashierId;
  return { ok: true, value: { shift: page.value.items.find(isOwn) ?? null } };
}

export const beginShift = (header: Keyed, parkId: string, float: string): Promise<Outcome<Shift>> =>
  outcomeOf(api.POST('/api/v1/gate/shifts', { params: { header }, body: { park_id: parkId, float } }));

export const endShift = (header: Keyed, id: string, counted: string): Promise<Outcome<Shift>> =>
  outcomeOf(api.POST('/api/v1/gate/shifts/{id}/close', { params: { header, path: { id } }, body: { counted } }));

/** What goes back of a sum that was given; null while it is not enough. Both are sums of the API. */
export function changeOf(price: string, given: string): string | null {
  const tyiyn = Math.round(Number(given) * 100) - Math.round(Number(price) * 100);
  return tyiyn < 0 ? null : (tyiyn / 100).toFixed(2);
}
