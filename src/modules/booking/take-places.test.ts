import { createMemoryEventStore } from '../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { createEventCodec, type EventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { ExpiredHolds } from './application/ports.ts';
import { ticket } from './domain/ticket.ts';
import type { TicketEvent, TicketState } from './domain/ticket-messages.ts';
import { bookingEvents } from './persistence/events.ts';
import { describeTakePlaces } from './take-places.suite.ts';

/** The read model of holds, folded from the twin's log up to the question. */
function expiredHoldsOf(store: EventStore, codec: EventCodec): ExpiredHolds {
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

describeTakePlaces('the twin in memory', async (clock) => {
  const store = createMemoryEventStore({ clock });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const codec = createEventCodec(bookingEvents, vault);
  const ground = { store, codec, expiredHolds: expiredHoldsOf(store, codec) };
  return { first: ground, second: ground };
});
