import type { DomainEvent } from './decider.ts';
import { assert, BrokenInvariant } from './assert.ts';
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

const isAmountName = (name: string): boolean => name.endsWith('Tyiyn');

type Members = Record<string, Json>;

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Where something stands, written down only for who has to be told. */
const placeOf = (path: string, key: string | number): string => `${path}.${key}`;

function membersToJson(value: object, path: string): Members {
  if (!isPlainObject(value)) throw new BrokenInvariant(`${path}: only plain objects are stored`);
  // A copy made at once is of the same hidden class for all events of a type; one made member by member costs many times as much.
  const members = { ...value } as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    const item = members[key];
    if (!isStorableText(key)) {
      throw new BrokenInvariant(`${placeOf(path, key)}: the name has NUL or a lone surrogate`);
    }
    // An amount under another name would come back as text, another value under this one as an amount.
    const isAmount = typeof item === 'bigint';
    if (isAmount !== isAmountName(key) && item !== null && item !== undefined) {
      throw new BrokenInvariant(`${placeOf(path, key)}: bigint goes with …Tyiyn`);
    }
    if (item === undefined) delete members[key];
    else if (isAmount) members[key] = item.toString();
    else if (typeof item !== 'boolean' && item !== null) members[key] = memberToJson(item, path, key);
  }
  return members as Members;
}

/** bigint → decimal string, undefined dropped; all that would come back as something else is a bug and throws. */
function memberToJson(value: unknown, path: string, key: string | number): Json {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new BrokenInvariant(`${placeOf(path, key)}: only safe integers are stored, not ${value}`);
    }
    return value === 0 ? 0 : value;
  }
  if (typeof value === 'string') {
    if (!isStorableText(value)) {
      throw new BrokenInvariant(`${placeOf(path, key)}: text with NUL or a lone surrogate cannot be stored`);
    }
    return value;
  }
  if (Array.isArray(value)) return value.map((item, index) => memberToJson(item, placeOf(path, key), index));
  if (value !== null && typeof value === 'object') return membersToJson(value, placeOf(path, key));
  if (value !== null && typeof value !== 'boolean') {
    throw new BrokenInvariant(`${placeOf(path, key)}: ${typeof value} cannot be stored`);
  }
  return value;
}

/** Revives the fields named `…Tyiyn` to bigint. */
function fromJson(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(fromJson);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isAmountName(key) && typeof item === 'string' ? BigInt(item) : fromJson(item),
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

/** The paths of a definition, taken apart once. */
type KnownEvent = {
  readonly definition: EventDefinition;
  /** Null where nothing is personal. */
  readonly subject: readonly string[] | null;
  readonly fields: readonly (readonly string[])[];
};

const knownEvent = (definition: EventDefinition): KnownEvent => ({
  definition,
  subject: definition.personal?.subject.split('.') ?? null,
  fields: definition.personal?.fields.map((field) => field.split('.')) ?? [],
});

async function changePersonal(
  data: JsonObject,
  { definition, fields }: KnownEvent,
  change: Change,
): Promise<JsonObject> {
  let changed: Json = data;
  for (const path of fields) changed = await changeAt(changed, path, change);
  assert(changed !== null && typeof changed === 'object' && !isArray(changed), `${definition.type}: data is no object`);
  return changed;
}

/** A field that can be written over. */
type Place = { readonly holder: Record<string | number, Json>; readonly key: string | number };

/** Finds the fields at the rest of a path, from `at` on; a missing field or null is none. */
function findPlaces(value: Json, path: readonly string[], at: number, found: Place[]): void {
  const head = path[at] ?? '';
  assert(value !== null && typeof value === 'object', `no field ${head} in ${typeof value}`);
  if (isArray(value)) assert(head === '*', `expected * in a path over an array, not ${head}`);
  const holder = value as Place['holder'];
  for (const key of isArray(value) ? value.keys() : [head]) {
    const item = holder[key];
    if (item === undefined || item === null) continue;
    if (at + 1 === path.length) found.push({ holder, key });
    else findPlaces(item, path, at + 1, found);
  }
}

/** Seals the personal fields of data that nobody else has, in place. */
async function sealPersonal(data: Members, paths: KnownEvent['fields'], seal: Change): Promise<void> {
  const places: Place[] = [];
  for (const path of paths) findPlaces(data, path, 0, places);
  await Promise.all(
    places.map(async ({ holder, key }) => {
      holder[key] = await seal(holder[key] ?? null);
    }),
  );
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
  const byType = new Map(definitions.map((definition) => [definition.type, knownEvent(definition)]));
  assert(byType.size === definitions.length, 'two event definitions share a type');
  const knownOf = (type: string): KnownEvent => {
    const known = byType.get(type);
    if (known === undefined) throw new BrokenInvariant(`event type ${type} is not defined`);
    return known;
  };
  return {
    async encode({ type, data: given }) {
      const { definition, subject: path, fields } = knownOf(type);
      if (Array.isArray(given)) throw new BrokenInvariant(`${type}: data must be an object`);
      const data = membersToJson(given, type);
      if (path !== null) {
        const subject = valueAt(data, path);
        assert(typeof subject === 'string', `${type}: no subject in ${path.join('.')}`);
        await sealPersonal(data, fields, (value) => vault.seal(subject, JSON.stringify(value)));
      }
      return { type, schemaVersion: definition.version, data };
    },
    async decode(stored) {
      const known = knownOf(stored.type);
      const opened = await changePersonal(upcast(known.definition, stored), known, async (value) => {
        assert(typeof value === 'string', `${stored.type}: a sealed field must be text`);
        const text = await vault.open(value);
        return text === null ? null : (JSON.parse(text) as Json);
      });
      const { data: _sealed, type, ...meta } = stored;
      return { type, data: fromJson(opened) as object, meta };
    },
  };
}
