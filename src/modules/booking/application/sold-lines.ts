import type { Tyiyn } from '../../../kernel/money.ts';
import { RECEIPT_TEXTS } from '../domain/receipt-texts.ts';
import type { Tickets } from './ticket-view.ts';

/** What a ticket is for, at full prices and in the language of the state's papers; none when there is no such ticket. */
export type SoldLines = (
  ticketId: string,
) => Promise<readonly { readonly name: string; readonly quantity: number; readonly amountTyiyn: Tyiyn }[]>;

export function createSoldLines(tickets: Pick<Tickets, 'find'>): SoldLines {
  return async (ticketId) => {
    const lines = (await tickets.find(ticketId))?.priceLines ?? [];
    return lines
      .filter(({ amountTyiyn }) => amountTyiyn > 0n)
      .map(({ kind, quantity, amountTyiyn }) => ({ name: RECEIPT_TEXTS.ru.lines[kind], quantity, amountTyiyn }));
  };
}
