import { createMemoryEventStore } from '../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { ExpiredHolds } from './application/ports.ts';
import type { TicketTerms } from './domain/ticket.ts';
import { bookingEvents } from './persistence/events.ts';
import { describeTakePlaces } from './take-places.suite.ts';

type Hold = Pick<TicketTerms, 'ticketId' | 'parkId' | 'visitDate' | 'places' | 'expiresAtMs'>;

/** The read model of holds, folded from the twin's log up to the question. */
function expiredHoldsOf(store: EventStore): ExpiredHolds {
  const holds = new Map<string, Hold>();
  let position = 0;
  return async (parkId, date, nowMs, limit) => {
    const from = position;
    const events = await store.read(from, 1_000_000);
    for (const { type, data, position: at } of events) {
      if (at <= position) continue;
      position = at;
      const ticketId = String(data['ticketId']);
      const hold = holds.get(ticketId);
      if (type === 'TicketHeld') holds.set(ticketId, data as unknown as Hold);
      else if (type === 'TicketHoldKept' && hold) holds.set(ticketId, { ...hold, expiresAtMs: Number(data['expiresAtMs']) });
      else if (type === 'TicketHoldExpired' || type === 'TicketActivated') holds.delete(ticketId);
    }
    return [...holds.values()]
      .filter((hold) => hold.parkId === parkId && hold.visitDate === date && hold.expiresAtMs <= nowMs)
      .slice(0, limit)
      .map(({ ticketId }) => ticketId);
  };
}

describeTakePlaces('the twin in memory', async (clock) => {
  const store = createMemoryEventStore({ clock });
  const expiredHolds = expiredHoldsOf(store);
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const ground = { store, codec: createEventCodec(bookingEvents, vault), expiredHolds };
  return { first: ground, second: ground };
});
