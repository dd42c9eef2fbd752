import type { DeviceFacts, DeviceStore } from './device-store.ts';
import type { LinkedEntry } from './log.ts';

/** What a device keeps, in memory: for tests and simulations. */
export class MemoryStore implements DeviceStore {
  readonly #facts: Map<keyof DeviceFacts, unknown>;
  #entries: readonly LinkedEntry[];

  private constructor(facts: ReadonlyMap<keyof DeviceFacts, unknown>, entries: readonly LinkedEntry[]) {
    this.#facts = new Map(facts);
    this.#entries = entries;
  }

  static empty(): MemoryStore {
    return new MemoryStore(new Map(), []);
  }

  /** As the storage of one browser that is copied to another. */
  copy(): MemoryStore {
    return new MemoryStore(this.#facts, this.#entries);
  }

  async read<Name extends keyof DeviceFacts>(name: Name): Promise<DeviceFacts[Name] | undefined> {
    // Only `write` below puts anything there, under the type of its name.
    return this.#facts.get(name) as DeviceFacts[Name] | undefined;
  }

  async write<Name extends keyof DeviceFacts>(name: Name, value: DeviceFacts[Name]): Promise<void> {
    this.#facts.set(name, value);
  }

  async append(entry: LinkedEntry): Promise<void> {
    this.#entries = [...this.#entries, entry];
  }

  async entriesFrom(seq: number, limit?: number): Promise<readonly LinkedEntry[]> {
    const from = this.#entries.filter((entry) => entry.seq >= seq);
    return limit === undefined ? from : from.slice(0, limit);
  }

  async forgetUpTo(base: DeviceFacts['base']): Promise<void> {
    this.#entries = this.#entries.filter(({ seq }) => seq > base.seq);
    this.#facts.set('base', base);
  }
}
