import type { DomainEvent } from './decider.ts';
import type { JsonObject } from './event-store.ts';

/** Which fields of an event are personal, and whose they are. */
export type PersonalFields = {
  /** Path of the field that holds the id of the person (or ticket) under whose key the fields are encrypted. */
  readonly subject: string;
  /** Dotted paths of the fields; `*` stands for every element of an array: `children.*.name`. */
  readonly fields: readonly string[];
};

/** An event that a park tells of, before it is believed. */
export type ToldEvent = {
  /** Who tells of it, as headquarters knows them. */
  readonly author: { readonly nodeId: string; readonly parkId: string; readonly incarnation: string };
  /** The text at a dotted path of its data; empty where there is none, or one that is more than a part of a name. */
  text(this: void, path: string): string;
};

/**
 * On which streams a park may write events of a type. Ids of version 5 are derived from names that anybody can work out, so a
 * stream that has one is its writer's only if it has the name that the writer would give it.
 */
export type TellingStream = {
  /** The names of which the stream has one; where there are none its id was drawn, or made from a secret (version 7 or 8). */
  readonly named?: (told: ToldEvent) => readonly string[];
  /** The field with the id of the stream of the ticket or the device that it is about: no other park's, where that is known. */
  readonly about?: string;
};

/** Which way events of a type go between nodes. What no park may write is never taken from one. */
export type Travels = {
  /** From headquarters: to every park, or to the one that the event's `parkId` names. */
  readonly down?: 'every_park' | 'its_park';
  /**
   * Of what goes down: the oldest version that a park's program may know. One that knows only older ones, or none, must not go on as
   * if nothing had been said: it reads no further until it is upgraded. Of all other types what a park does not know is kept as it is.
   */
  readonly mustUnderstand?: number;
  /** Parks write it and tell headquarters; `true`: on streams with drawn ids, about nothing of others. */
  readonly up?: true | TellingStream;
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
