import { afterAll } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { bookingManifest } from './module.ts';
import { bookingEvents } from './persistence/events.ts';
import { createExpiredHolds } from './persistence/holds.ts';
import type { SalesGround } from './sales.suite.ts';
import { describeTakePlaces } from './take-places.suite.ts';

describeWithDatabase('tickets and places', () => {
  let opened: ModuleDatabase | undefined;
  afterAll(() => opened?.close());

  describeTakePlaces('PostgreSQL', async (clock) => {
    const database = await openModuleDatabase(bookingManifest, clock);
    opened = database;
    const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
    const open = async (): Promise<SalesGround> => {
      const { store, database: reader } = await database.startNode();
      return { store, codec: createEventCodec(bookingEvents, vault), expiredHolds: createExpiredHolds(reader, 'test') };
    };
    return { first: await open(), second: await open() };
  });
});
