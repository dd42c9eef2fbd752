import { assert } from '../../kernel/assert.ts';
import type { Decider, DomainEvent } from '../../kernel/decider.ts';
import type { EventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Result } from '../../kernel/result.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';

export type Thing = {
  readonly kind: 'ticket' | 'payment' | 'shift' | 'gate' | 'statement';
  readonly id: string;
  readonly events: DomainEvent[];
};

type Told = { readonly id: string; readonly event: DomainEvent };
type Decided = { readonly thing: Thing; readonly decided: Result<readonly DomainEvent[], unknown> };
type Context = { readonly causationId?: string };

/** What flows react to. */
const HEARD: readonly string[] = ['PaymentSucceeded', 'PaymentMismatched', 'TicketCancelled', 'TicketMoved'];

/** Things with their events, told to a log as they decide. */
export class ThingLog {
  readonly things: Thing[] = [];
  /** What flows have not reacted to yet. */
  readonly unseen: Told[] = [];
  readonly #store: Pick<EventStore, 'append'>;
  readonly #codec: Pick<EventCodec, 'encode'>;

  constructor(store: Pick<EventStore, 'append'>, codec: Pick<EventCodec, 'encode'>) {
    this.#store = store;
    this.#codec = codec;
  }

  find(id: string): Thing | undefined {
    return this.things.find((thing) => thing.id === id);
  }

  /** The newest of a kind for 0, the one before for 1, and so on round and round. */
  some(kind: Thing['kind'], choice: number): Thing | undefined {
    const all = this.things.filter((thing) => thing.kind === kind);
    return all[all.length - 1 - (choice % all.length)];
  }

  make(kind: Thing['kind'], id = ids.next()): Thing {
    const thing: Thing = { kind, id, events: [] };
    this.things.push(thing);
    return thing;
  }

  stateOf<Command, State, Event extends DomainEvent, Refusal>(
    { initial, evolve }: Decider<Command, State, Event, Refusal>,
    { events }: Thing,
  ): State {
    return (events as Event[]).reduce((state, event) => evolve(state, event), initial);
  }

  decide<Command, State, Event extends DomainEvent, Refusal>(
    decider: Decider<Command, State, Event, Refusal>,
    thing: Thing,
    command: Command,
  ): Decided {
    return { thing, decided: decider.decide(command, this.stateOf(decider, thing)) };
  }

  /** One append of what all of them decided, or nothing when one refused. */
  async tell(parts: readonly Decided[], context: Context = {}): Promise<void> {
    const streams = [];
    if (!parts.every(({ decided }) => decided.ok)) return;
    for (const { thing, decided } of parts) {
      const stored = [];
      for (const event of decided.ok ? decided.value : []) {
        const id = ids.next();
        stored.push({ id, ...(await this.#codec.encode(event)) });
        if (HEARD.includes(event.type)) this.unseen.push({ id, event });
        thing.events.push(event);
      }
      if (stored.length > 0) {
        streams.push({ streamId: thing.id, aggregateType: 'Thing', expected: 'any' as const, events: stored });
      }
    }
    if (streams.length === 0) return;
    const about = { actor: 'user:manager', correlationId: 'history', occurredAtMs: 0 };
    const { outcome } = await this.#store.append({ streams, context: { ...about, ...context } });
    assert(outcome === 'stored', `a history was not stored: ${outcome}`);
  }
}
