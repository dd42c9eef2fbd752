import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenInvariant } from './assert.ts';
import type { DomainEvent } from './decider.ts';
import { createEventCodec, type EncodedEvent } from './event-codec.ts';
import type { JsonObject, StoredEvent } from './event-store.ts';
import type { Vault } from './vault.ts';

/** Turns texts around instead of encrypting them. */
function fakeVault(): Vault & { readonly destroyed: Set<string> } {
  const destroyed = new Set<string>();
  const turned = (text: string): string => Array.from(text).toReversed().join('');
  return {
    destroyed,
    seal: async (subject, text) => (destroyed.has(subject) ? null : `p1.${subject}.${turned(text)}`),
    async open(sealed) {
      const [, subject = '', ...body] = sealed.split('.');
      return destroyed.has(subject) ? null : turned(body.join('.'));
    },
    blindIndex: (scope, value) => `${scope}/${value}`,
    destroy: async (subject) => void destroyed.add(subject),
  };
}

const stored = ({ type, schemaVersion, data }: EncodedEvent): StoredEvent => ({
  id: 'e',
  streamId: 's',
  aggregateType: 'Test',
  type,
  schemaVersion,
  data,
  version: 1,
  position: 1,
  parkId: null,
  actor: 'system',
  correlationId: 'c',
  causationId: null,
  commandId: null,
  occurredAtMs: 1,
  recordedAtMs: 2,
  nodeId: 'hq',
  incarnation: 'one',
});

const plain = createEventCodec([{ type: 'TestPlain', version: 1 }], fakeVault());
const event = (data: object): DomainEvent => ({ type: 'TestPlain', data });

describe('plain data', () => {
  test('amounts are stored as text and come back as bigint, wherever they are', async () => {
    const data = { totalTyiyn: -(2n ** 80n), lines: [{ unitTyiyn: 0n, quantity: 2 }], paidTyiyn: null };
    const encoded = await plain.encode(event(data));
    expect(encoded.data).toEqual({
      totalTyiyn: '-1208925819614629174706176',
      lines: [{ unitTyiyn: '0', quantity: 2 }],
      paidTyiyn: null,
    });
    expect((await plain.decode(stored(encoded))).data).toEqual(data);
  });

  test('whatever can be encoded comes back as it was', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    const leaf = fc.oneof(fc.constant(null), fc.boolean(), fc.maxSafeInteger(), text);
    const name = text.filter((key) => !key.endsWith('Tyiyn'));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
        fc.record({ sumTyiyn: fc.bigInt(), more: tie('tree') }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, tree), async (data) => {
        const encoded = await plain.encode(event(data));
        const asStored = JSON.parse(JSON.stringify(encoded.data)) as JsonObject;
        const { data: decoded } = await plain.decode(stored({ ...encoded, data: asStored }));
        // A zero has one sign in the log, and an object no particular prototype.
        expect(decoded).toEqual(JSON.parse(JSON.stringify(data, keepBigint), reviveBigint));
      }),
    );
  });

  test('a member without a value is left out', async () => {
    expect((await plain.encode(event({ a: undefined, b: { c: undefined } }))).data).toEqual({ b: {} });
  });

  test.each([
    ['NUL', { deep: [{ text: 'a\0b' }] }],
    ['a lone surrogate', { text: '\ud800' }],
    ['NUL in a name', { 'a\0': 1 }],
    ['a fraction', { price: 0.5 }],
    ['an integer beyond 2^53', { count: 2 ** 53 }],
    ['NaN', { count: Number.NaN }],
    ['a date', { at: new Date(0) }],
    ['a map', { of: new Map() }],
    ['a function', { run: () => 1 }],
    ['an amount that is a number', { totalTyiyn: 5 }],
    ['an amount that is text', { totalTyiyn: '5' }],
    ['a bigint under another name', { total: 5n }],
    ['a bigint in a list', { totalsTyiyn: [5n] }],
    ['undefined in a list', { list: [undefined] }],
  ])('%s is refused before it reaches the log, and the message says where', async (_what, data) => {
    await expect(plain.encode(event(data))).rejects.toThrow(BrokenInvariant);
    await expect(plain.encode(event(data))).rejects.toThrow(/^TestPlain/);
  });

  test('a type nobody defined is neither written nor read, two of one name are a bug', async () => {
    await expect(plain.encode({ type: 'TestOther', data: {} })).rejects.toThrow('TestOther is not defined');
    await expect(plain.decode(stored({ type: 'TestOther', schemaVersion: 1, data: {} }))).rejects.toThrow(
      BrokenInvariant,
    );
    const twice = { type: 'TestPlain', version: 1 };
    expect(() => createEventCodec([twice, twice], fakeVault())).toThrow(BrokenInvariant);
  });
});

describe('personal fields', () => {
  const definition = {
    type: 'TestPersonal',
    version: 1,
    personal: { subject: 'person.id', fields: ['name', 'children.*.name', 'address', 'spentTyiyn', 'nickname'] },
  };
  const data = {
    person: { id: 'p-1' },
    name: 'Айгүл "A.B"',
    children: [
      { name: 'Алина', age: 4 },
      { name: null, age: 5 },
    ],
    address: { city: 'Ош', flat: 7, debtTyiyn: 3n },
    spentTyiyn: 12n,
    park: 'osh',
  };

  test('are sealed under the key of their subject, absent from what is stored, and come back', async () => {
    const codec = createEventCodec([definition], fakeVault());
    const encoded = await codec.encode({ type: 'TestPersonal', data });
    const text = JSON.stringify(encoded.data);
    for (const secret of ['Айгүл', 'Алина', 'Ош', '"12"']) expect(text).not.toContain(secret);
    expect(encoded.data).toMatchObject({
      person: { id: 'p-1' },
      name: expect.stringMatching(/^p1\.p-1\./) as unknown,
      children: [{ age: 4 }, { name: null, age: 5 }],
      park: 'osh',
    });
    expect((await codec.decode(stored(encoded))).data).toEqual(data);
  });

  test('are null once their subject was erased, everything else stays', async () => {
    const vault = fakeVault();
    const codec = createEventCodec([definition], vault);
    const encoded = await codec.encode({ type: 'TestPersonal', data });
    await vault.destroy('p-1');
    expect((await codec.decode(stored(encoded))).data).toEqual({
      ...data,
      name: null,
      children: [
        { name: null, age: 4 },
        { name: null, age: 5 },
      ],
      address: null,
      spentTyiyn: null,
    });
  });

  test('need a subject; a path that does not fit the data is a bug', async () => {
    const codec = createEventCodec(
      [definition, { type: 'TestWrong', version: 1, personal: { subject: 'id', fields: ['a.b'] } }],
      fakeVault(),
    );
    await expect(codec.encode({ type: 'TestPersonal', data: { name: 'x' } })).rejects.toThrow(
      'no subject in person.id',
    );
    await expect(codec.encode({ type: 'TestWrong', data: { id: 'x', a: [{ b: 1 }] } })).rejects.toThrow(
      BrokenInvariant,
    );
    await expect(codec.encode({ type: 'TestWrong', data: { id: 'x', a: 5 } })).rejects.toThrow(BrokenInvariant);
    const bare = stored({ type: 'TestWrong', schemaVersion: 1, data: { id: 'x', a: { b: 5 } } });
    await expect(codec.decode(bare)).rejects.toThrow('a sealed field must be text');
  });
});

describe('older versions', () => {
  /** What versions 1 and 2 once wrote; their texts are sealed by the fake vault. */
  const samples = {
    1: { guest: 'p-1', full: 'p1.p-1."ABC"', price: '350' },
    2: { guestId: 'p-1', name: 'p1.p-1."ABC"', priceTyiyn: '35000' },
    3: { guestId: 'p-1', name: 'p1.p-1."ABC"', priceTyiyn: '35000', lines: [] },
  };
  const definition = {
    type: 'TestChanged',
    version: 3,
    personal: { subject: 'guestId', fields: ['name'] },
    upcasts: {
      1: ({ guest = null, full = null, price }: JsonObject): JsonObject => ({
        guestId: guest,
        name: full,
        priceTyiyn: `${JSON.stringify(Number(price))}00`,
      }),
      2: (data: JsonObject): JsonObject => ({ ...data, lines: [] }),
    },
  };

  test.each([1, 2, 3] as const)('a stored sample of version %i reads as the newest', async (schemaVersion) => {
    const codec = createEventCodec([definition], fakeVault());
    const decoded = await codec.decode(stored({ type: 'TestChanged', schemaVersion, data: samples[schemaVersion] }));
    expect(decoded.data).toEqual({ guestId: 'p-1', name: 'CBA', priceTyiyn: 35_000n, lines: [] });
    expect(decoded.meta.schemaVersion).toBe(schemaVersion);
  });

  test('without an upcast, or written by a newer program, are refused rather than misread', async () => {
    const codec = createEventCodec([{ type: 'TestChanged', version: 2 }], fakeVault());
    const read = (schemaVersion: number) => codec.decode(stored({ type: 'TestChanged', schemaVersion, data: {} }));
    await expect(read(1)).rejects.toThrow('no upcast from version 1');
    await expect(read(3)).rejects.toThrow('was written by a newer program');
  });
});

const keepBigint = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? { $bigint: value.toString() } : value;

const reviveBigint = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && '$bigint' in value ? BigInt(String(value.$bigint)) : value;
