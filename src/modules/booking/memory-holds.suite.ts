import type { EventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { ExpiredHolds } from './application/ports.ts';
import { ticket } from './domain/ticket.ts';
import type { TicketEvent, TicketState } from './domain/ticket-messages.ts';

/** The read model of holds, folded from the log up to the question. */
export function memoryExpiredHolds(store: EventStore, codec: EventCodec): ExpiredHolds {
  const tickets = new Map<string, TicketState>();
  let position = 0;
  return async (parkId, date, nowMs, limit) => {
    for (const stored of await store.read(position, 1_000_000)) {
      const { type, data, meta } = await codec.decode(stored);
      // Another question may have folded it meanwhile.
      if (meta.position !== position + 1) continue;
      position = meta.position;
      const state = tickets.get(meta.streamId) ?? ticket.initial;
      if (meta.aggregateType === 'Ticket') {
        tickets.set(meta.streamId, ticket.evolve(state, { type, data } as TicketEvent));
      }
    }
    return [...tickets]
      .filter(([, { status, expiresAtMs }]) => status === 'held' && expiresAtMs <= nowMs)
      .filter(([, { terms }]) => terms?.parkId === parkId && terms.visitDate === date)
      .slice(0, limit)
      .map(([ticketId]) => ticketId);
  };
}
