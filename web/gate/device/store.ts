import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { KeyPair } from '../../../clients/gate/crypto.ts';
import type { DeviceFacts, DeviceStore } from '../../../clients/gate/device-store.ts';
import type { LinkedEntry } from '../../../clients/gate/log.ts';

/** What this device was enrolled as. */
export type Enrolled = {
  readonly deviceId: string;
  readonly parkId: string;
  /** What staff call this gate. */
  readonly name: string;
  /** Sent with each request of the device. */
  readonly credential: string;
  /** For its key; null where the browser makes no such keys: then the gate does not work alone. */
  readonly certificate: string | null;
  readonly certifiedAtMs: number;
  readonly keys: KeyPair | null;
};

type Facts = DeviceFacts & {
  readonly enrolled: Enrolled;
  /** When the node last heard what was revoked, in ms; null when it never did. */
  readonly revocationsAsOfMs: number | null;
  /** The device told another log before: nothing that it decides alone counts any more. */
  readonly isForked: boolean;
};

interface Schema extends DBSchema {
  facts: { key: string; value: unknown };
  log: { key: number; value: LinkedEntry };
}

export type GateStore = Omit<DeviceStore, 'read' | 'write'> & {
  read<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined>;
  write<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void>;
  /** Everything of this device. */
  erase(): Promise<void>;
};

const STRICT = { durability: 'strict' } as const;

const open = (): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>('skypark-gate', 1, {
    upgrade(database) {
      database.createObjectStore('facts');
      database.createObjectStore('log', { keyPath: 'seq' });
    },
  });

/** What a gate keeps in the browser's database. */
export async function openGateStore(): Promise<GateStore> {
  const database = await open();
  return {
    // Only `write` below puts anything there, under the type of its name.
    read: async (name) => (await database.get('facts', name)) as never,
    async write(name, value) {
      const writing = database.transaction('facts', 'readwrite', STRICT);
      await Promise.all([writing.store.put(value, name), writing.done]);
    },
    async append(entry) {
      const writing = database.transaction('log', 'readwrite', STRICT);
      await Promise.all([writing.store.add(entry), writing.done]);
    },
    entriesFrom: (seq, limit) => database.getAll('log', IDBKeyRange.lowerBound(seq), limit),
    async forgetUpTo(base) {
      const writing = database.transaction(['facts', 'log'], 'readwrite', STRICT);
      await Promise.all([
        writing.objectStore('log').delete(IDBKeyRange.upperBound(base.seq)),
        writing.objectStore('facts').put(base, 'base'),
        writing.done,
      ]);
    },
    async erase() {
      const writing = database.transaction(['facts', 'log'], 'readwrite', STRICT);
      await Promise.all([writing.objectStore('facts').clear(), writing.objectStore('log').clear(), writing.done]);
    },
  };
}
