import { createMemoryEventStore } from '../../infrastructure/event-store/memory-store.ts';
import { createEventCodec, type Recorded } from '../../kernel/event-codec.ts';
import type { Append, EventStore } from '../../kernel/event-store.ts';
import type { Flow } from '../../kernel/flow.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import { bookingEvents } from '../../modules/booking/persistence/events.ts';

/** Nothing of this is personal. */
const openVault: Vault = {
  seal: async (_subject, text) => text,
  open: async (sealed) => sealed,
  blindIndex: () => '',
  destroy: async () => undefined,
};
export const codec = createEventCodec(bookingEvents, openVault);

const NO_CHAIN = { chain: undefined } as unknown as Pick<Append, never>;

/** A store that remembers what it was told, for restores. */
export class RestoredStore {
  readonly #clock: Clock;
  #store: EventStore;
  #appends: Append[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#store = createMemoryEventStore({ clock });
  }

  get store(): EventStore {
    const store = this.#store;
    return {
      nodeId: store.nodeId,
      load: (...asked) => store.load(...asked),
      read: (...asked) => store.read(...asked),
      headPosition: () => store.headPosition(),
      balances: (accounts) => store.balances(accounts),
      ownerOf: (scope, key) => store.ownerOf(scope, key),
      findCommand: (commandId) => store.findCommand(commandId),
      append: async (append) => {
        const answer = await store.append(append);
        if (answer.outcome === 'stored') this.#appends.push(append);
        return answer;
      },
    };
  }

  /** It is as it was some appends ago. */
  async restore(lostAppends: number): Promise<void> {
    this.#appends = this.#appends.slice(0, Math.max(0, this.#appends.length - lostAppends));
    this.#store = createMemoryEventStore({ clock: this.#clock });
    for (const append of this.#appends) await this.#store.append({ ...append, ...NO_CHAIN });
  }
}

export const handle = async (flow: Flow, event: Recorded): Promise<void> => {
  if (flow.eventTypes.includes(event.type)) await flow.handle(event);
};
