import type { DomainEvent } from './decider.ts';
import { assert } from './assert.ts';
import { isStorableText } from './canonical-json.ts';
import type { EventDefinition } from './event-definition.ts';
import type { Json, JsonObject, StoredEvent } from './event-store.ts';
import type { Vault } from './vault.ts';

/** The stored form of an event, all but its id. */
export type EncodedEvent = { readonly type: string; readonly schemaVersion: number; readonly data: JsonObject };

/** An event as the program sees it, with its place in the log. */
export type Recorded<Event extends DomainEvent = DomainEvent> = Event & {
  readonly meta: Omit<StoredEvent, 'data' | 'type'>;
};

/** Between domain events and stored ones: amounts, personal fields, schema versions. */
export type EventCodec = {
  encode(event: DomainEvent): Promise<EncodedEvent>;
  decode(stored: StoredEvent): Promise<Recorded>;
};

const AMOUNT = /Tyiyn$/;

const isPlainObject = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

function membersToJson(value: object, path: string): Json {
  assert(isPlainObject(value), `${path}: only plain objects are stored`);
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(value) as [string, unknown][]) {
    const place = `${path}.${key}`;
    assert(isStorableText(key), `${place}: the name has NUL or a lone surrogate`);
    // An amount under another name would come back as text, another value under this one as an amount.
    const isAmount = typeof item === 'bigint';
    assert(isAmount === AMOUNT.test(key) || item === null || item === undefined, `${place}: bigint goes with …Tyiyn`);
    if (item !== undefined) members.push([key, isAmount ? item.toString() : toJson(item, place)]);
  }
  return Object.fromEntries(members);
}

/** bigint → decimal string, undefined dropped; all that would come back as something else is a bug and throws. */
function toJson(value: unknown, path: string): Json {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), `${path}: only safe integers are stored, not ${value}`);
    return value === 0 ? 0 : value;
  }
  if (typeof value === 'string') {
    assert(isStorableText(value), `${path}: text with NUL or a lone surrogate cannot be stored`);
    return value;
  }
  if (Array.isArray(value)) return value.map((item, index) => toJson(item, `${path}.${index}`));
  if (value !== null && typeof value === 'object') return membersToJson(value, path);
  assert(value === null || typeof value === 'boolean', `${path}: ${typeof value} cannot be stored`);
  return value;
}

/** Revives the fields named `…Tyiyn` to bigint. */
function fromJson(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(fromJson);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      AMOUNT.test(key) && typeof item === 'string' ? BigInt(item) : fromJson(item),
    ]),
  );
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

function valueAt(value: Json | undefined, [head, ...rest]: readonly string[]): Json | undefined {
  if (head === undefined) return value;
  if (value === undefined || value === null || typeof value !== 'object' || isArray(value)) return undefined;
  return valueAt(value[head], rest);
}

type Change = (value: Json) => Promise<Json>;

/** A copy of `value` with `change` applied at a path; a missing field or null stays as it is. */
async function changeAt(value: Json, path: readonly string[], change: Change): Promise<Json> {
  const [head, ...rest] = path;
  if (value === null) return null;
  if (head === undefined) return change(value);
  if (isArray(value)) {
    assert(head === '*', `expected * in a path over an array, not ${head}`);
    return Promise.all(value.map((item) => changeAt(item, rest, change)));
  }
  assert(typeof value === 'object', `no field ${head} in ${typeof value}`);
  const field = value[head];
  if (field === undefined) return value;
  return { ...value, [head]: await changeAt(field, rest, change) };
}

async function changePersonal(data: JsonObject, definition: EventDefinition, change: Change): Promise<JsonObject> {
  let changed: Json = data;
  for (const field of definition.personal?.fields ?? []) changed = await changeAt(changed, field.split('.'), change);
  assert(changed !== null && typeof changed === 'object' && !isArray(changed), `${definition.type}: data is no object`);
  return changed;
}

function upcast(definition: EventDefinition, stored: StoredEvent): JsonObject {
  let data = stored.data;
  const known = stored.schemaVersion <= definition.version;
  assert(known, `${stored.type}: version ${stored.schemaVersion} was written by a newer program`);
  for (let version = stored.schemaVersion; version < definition.version; version += 1) {
    const step = definition.upcasts?.[version];
    assert(step, `${stored.type}: no upcast from version ${version}`);
    data = step(data);
  }
  return data;
}

/**
 * @param definitions every event type of the program; two of one name are a bug and throw.
 */
export function createEventCodec(definitions: readonly EventDefinition[], vault: Vault): EventCodec {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]));
  assert(byType.size === definitions.length, 'two event definitions share a type');
  const definitionOf = (type: string): EventDefinition => {
    const definition = byType.get(type);
    assert(definition, `event type ${type} is not defined`);
    return definition;
  };
  return {
    async encode(event) {
      const definition = definitionOf(event.type);
      const data = toJson(event.data, event.type);
      assert(data !== null && typeof data === 'object' && !isArray(data), `${event.type}: data must be an object`);
      const { personal } = definition;
      if (personal === undefined) return { type: event.type, schemaVersion: definition.version, data };
      const subject = valueAt(data, personal.subject.split('.'));
      assert(typeof subject === 'string', `${event.type}: no subject in ${personal.subject}`);
      const sealed = await changePersonal(data, definition, (value) => vault.seal(subject, JSON.stringify(value)));
      return { type: event.type, schemaVersion: definition.version, data: sealed };
    },
    async decode(stored) {
      const definition = definitionOf(stored.type);
      const opened = await changePersonal(upcast(definition, stored), definition, async (value) => {
        assert(typeof value === 'string', `${stored.type}: a sealed field must be text`);
        const text = await vault.open(value);
        return text === null ? null : (JSON.parse(text) as Json);
      });
      const { data: _sealed, type, ...meta } = stored;
      return { type, data: fromJson(opened) as object, meta };
    },
  };
}
