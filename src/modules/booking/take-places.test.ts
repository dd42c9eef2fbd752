import { createMemoryEventStore } from '../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { memoryExpiredHolds } from './memory-holds.suite.ts';
import { bookingEvents } from './persistence/events.ts';
import { describeTakePlaces } from './take-places.suite.ts';

describeTakePlaces('the twin in memory', async (clock) => {
  const store = createMemoryEventStore({ clock });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const codec = createEventCodec(bookingEvents, vault);
  const ground = { store, codec, expiredHolds: memoryExpiredHolds(store, codec) };
  return { first: ground, second: ground };
});
