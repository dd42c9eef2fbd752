import type { DomainEvent } from './decider.ts';
import type { JsonObject } from './event-store.ts';

/** Which fields of an event are personal, and whose they are. */
export type PersonalFields = {
  /** Path of the field that holds the id of the person (or ticket) under whose key the fields are encrypted. */
  readonly subject: string;
  /** Dotted paths of the fields; `*` stands for every element of an array: `children.*.name`. */
  readonly fields: readonly string[];
};

/** Which way events of a type go between nodes. What no park may write is never taken from one. */
export type Travels = {
  /** From headquarters: to every park, or to the one that the event's `parkId` names. */
  readonly down?: 'every_park' | 'its_park';
  /** Parks write it and tell headquarters. */
  readonly up?: true;
};

/** How one type of event is stored. Every type of the program is listed in its module's `events`. */
export type EventDefinition = {
  readonly type: string;
  /** Schema version now written, from 1. */
  readonly version: number;
  readonly personal?: PersonalFields;
  /** Which other nodes are told of it; nobody when it says nothing. */
  readonly travels?: Travels;
  /** `upcasts[n]` turns data of version n into version n + 1, before decryption; one for every older version. */
  readonly upcasts?: Readonly<Record<number, (data: JsonObject) => JsonObject>>;
};

/** Declares an event type; the type argument keeps the name equal to the union's. */
export function defineEvent<Event extends DomainEvent>(
  definition: EventDefinition & { readonly type: Event['type'] },
): EventDefinition {
  return definition;
}
