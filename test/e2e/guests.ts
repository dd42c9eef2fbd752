import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { parseSom } from '../../src/kernel/money.ts';
import type { App } from '../../src/main/compose.ts';
import { bodyOf, codeOf, type Patience } from '../../tools/demo/answered.ts';
import { newVerifiedFamily } from '../../tools/demo/new-family.ts';
import { Session, type Login } from '../../tools/demo/session.ts';

export const patience: Patience = { limitMs: 30_000, onRepeat: () => undefined };

/** Somebody with an account, signed in, whose number is verified. */
export type Guest = { readonly userId: string; readonly login: Login; readonly session: Session };

export const newGuest = (url: string): Promise<Guest> => newVerifiedFamily(url, patience);

/** The same guest, signed in at another process. */
export async function guestAt(url: string, guest: Guest): Promise<Guest> {
  const session = new Session(url, guest.login, patience);
  await session.signIn();
  return { ...guest, session };
}

/** A small park for one test, open from 10:00 to 20:00. @param priceOver3 in som */
export async function openSmallPark(app: App, parkId: string, capacity: number, priceOver3 = '350.00'): Promise<void> {
  const name = { ru: parkId, ky: parkId, en: parkId };
  const opened = await app.modules.park.openPark(
    {
      parkId,
      names: name,
      addresses: name,
      capacity,
      priceUnder3Tyiyn: parseSom('150.00') ?? 0n,
      priceOver3Tyiyn: parseSom(priceOver3) ?? 0n,
      priceAdultTyiyn: 0n,
      groupPercent: 10,
      openTime: '10:00',
      closeTime: '20:00',
      timeZone: 'Asia/Bishkek',
      latitudeE7: 428_000_000,
      longitudeE7: 745_000_000,
      amenities: [],
      images: [],
    },
    { actor: 'system', correlationId: 'test' },
  );
  expect(opened.ok).toBe(true);
}

type Order = { readonly parkId: string; readonly date: string; readonly children?: number; readonly key?: string };

/** Asks once for a ticket; the answer as it comes. */
export function order({ session }: Guest, { parkId, date, children = 1, key = randomUUID() }: Order) {
  return session.client.POST('/api/v1/tickets', {
    params: { header: { 'Idempotency-Key': key } },
    body: {
      park_id: parkId,
      visit_date: date,
      children: Array.from({ length: children }, () => ({ name: 'Aibek', age: 5 })),
    },
  });
}

/** What became of an order in one word: the status, and for refusals the code. */
export const outcomeOf = ({ response, error }: { readonly response: Response; readonly error?: unknown }): string =>
  [String(response.status), codeOf(error)].filter((word) => word !== null).join(' ');

/** The ticket as its owner sees it now. */
export async function ticketOf({ session }: Guest, ticketId: string) {
  const params = { path: { id: ticketId } };
  return bodyOf(
    'ticket',
    200,
    await session.call('ticket', (client) => client.GET('/api/v1/tickets/{id}', { params })),
  );
}

/** How often each word occurs. */
export function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
