import type { DomainEvent } from './decider.ts';
import type { JsonObject } from './event-store.ts';

/** Which fields of an event are personal, and whose they are. */
export type PersonalFields = {
  /** Path of the field that holds the id of the person (or ticket) under whose key the fields are encrypted. */
  readonly subject: string;
  /** Dotted paths of the fields; `*` stands for every element of an array: `children.*.name`. */
  readonly fields: readonly string[];
};

/** How one type of event is stored. Every type of the program is listed in its module's `events`. */
export type EventDefinition = {
  readonly type: string;
  /** Schema version now written, from 1. */
  readonly version: number;
  readonly personal?: PersonalFields;
  /** `upcasts[n]` turns data of version n into version n + 1, before decryption; one for every older version. */
  readonly upcasts?: Readonly<Record<number, (data: JsonObject) => JsonObject>>;
};

/** Declares an event type; the type argument keeps the name equal to the union's. */
export function defineEvent<Event extends DomainEvent>(
  definition: EventDefinition & { readonly type: Event['type'] },
): EventDefinition {
  return definition;
}
