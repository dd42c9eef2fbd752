import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { components } from '../../../clients/typescript/schema.d.ts';
import type { User } from '../../shared/api/session.ts';

type Ticket = components['schemas']['Ticket'];

/** Where a ticket is for; the words are those of the language in which it was kept. */
export type Place = { readonly name: string; readonly address: string };

/** A ticket as it was seen last, for the gate where there is no network. */
export type KeptTicket = {
  readonly id: string;
  readonly ticket: Ticket;
  readonly place: Place | null;
  readonly savedAt: string;
};

interface GuestDb extends DBSchema {
  owner: { key: string; value: User };
  tickets: { key: string; value: KeptTicket };
}

const OWNER = 'me';
let opened: Promise<IDBPDatabase<GuestDb>> | null = null;

const database = (): Promise<IDBPDatabase<GuestDb>> =>
  (opened ??= openDB<GuestDb>('skypark-guest', 1, {
    upgrade(db) {
      db.createObjectStore('owner');
      db.createObjectStore('tickets', { keyPath: 'id' });
    },
  }));

/** Browsers may refuse a database, in private windows above all. Then nothing is kept, and all else works. */
async function orNothing<Value>(work: (db: IDBPDatabase<GuestDb>) => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work(await database());
  } catch (error) {
    reportError(error);
    return undefined;
  }
}

/** Keeps who is signed in. What another person left here is gone before. */
export const keepOwner = (who: User): Promise<unknown> =>
  orNothing(async (db) => {
    const before = await db.get('owner', OWNER);
    if (before !== undefined && before.id !== who.id) await db.clear('tickets');
    await db.put('owner', who, OWNER);
  });

export const keptOwner = (): Promise<User | undefined> => orNothing((db) => db.get('owner', OWNER));

/** Keeps tickets of the person who is signed in, and of nobody else. */
export const keepTickets = (kept: readonly KeptTicket[]): Promise<unknown> =>
  orNothing(async (db) => {
    const transaction = db.transaction(['owner', 'tickets'], 'readwrite');
    const owner = await transaction.objectStore('owner').get(OWNER);
    const mine = kept.filter(({ ticket }) => owner !== undefined && ticket.user_id === owner.id);
    for (const one of mine) await transaction.objectStore('tickets').put(one);
    await transaction.done;
  });

export const keptTickets = async (): Promise<readonly KeptTicket[]> =>
  (await orNothing((db) => db.getAll('tickets'))) ?? [];

export const keptTicket = (id: string): Promise<KeptTicket | undefined> => orNothing((db) => db.get('tickets', id));

/** Forgets everything, at the end of a session. */
export const forgetKept = (): Promise<unknown> =>
  orNothing(async (db) => {
    const transaction = db.transaction(['owner', 'tickets'], 'readwrite');
    await Promise.all([transaction.objectStore('owner').clear(), transaction.objectStore('tickets').clear()]);
    await transaction.done;
  });
