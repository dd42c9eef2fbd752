import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenInvariant } from '../../kernel/assert.ts';
import { newId } from './appends.suite.ts';
import { createMemorySubjectKeys } from './subject-keys.ts';
import { createVault } from './vault.ts';

const open = (masterKey = randomBytes(32)) => {
  const keys = createMemorySubjectKeys();
  return { keys, masterKey, vault: createVault({ keys, masterKey }) };
};

const bodyOf = (sealed: string): Buffer => Buffer.from(sealed.split('.')[2] ?? '', 'base64url');

describe('sealing', () => {
  test('any text comes back, and no two sealed texts are alike', async () => {
    const { vault } = open();
    const subject = newId();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const sealed = (await vault.seal(subject, text)) ?? '';
        expect(seen.has(sealed)).toBe(false);
        seen.add(sealed);
        expect(sealed.startsWith(`p1.${subject}.`)).toBe(true);
        expect(await vault.open(sealed)).toBe(text);
      }),
    );
  });

  test('a text changed in any bit is refused', async () => {
    const { vault } = open();
    const subject = newId();
    const sealed = (await vault.seal(subject, 'Айгүл')) ?? '';
    const body = bodyOf(sealed);
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const changed = Buffer.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(vault.open(`p1.${subject}.${changed.toString('base64url')}`)).rejects.toThrow();
    }
  });

  test('a text cut short, given to another subject, or in no known form is refused', async () => {
    const { vault } = open();
    const [subject, other] = [newId(), newId()];
    const sealed = (await vault.seal(subject, 'Айгүл')) ?? '';
    await vault.seal(other, 'x');
    const body = sealed.split('.')[2] ?? '';
    const wrong = [
      `p1.${other}.${body}`,
      `p1.${subject}.${body.slice(0, 12)}`,
      `p1.${subject}.`,
      `p1.${subject}.${body}.x`,
    ];
    for (const text of [...wrong, `p2.${subject}.${body}`, 'Айгүл', '', `p1.nobody.${body}`]) {
      await expect(vault.open(text), text).rejects.toThrow(BrokenInvariant);
    }
  });

  test('another master key opens nothing', async () => {
    const { keys, vault } = open();
    const sealed = (await vault.seal(newId(), 'Айгүл')) ?? '';
    await expect(createVault({ keys, masterKey: randomBytes(32) }).open(sealed)).rejects.toThrow();
    expect(() => createVault({ keys, masterKey: randomBytes(16) })).toThrow(BrokenInvariant);
  });
});

describe('erasing', () => {
  test('makes all texts of the subject null at once, and nobody else’s', async () => {
    const { vault } = open();
    const [erased, other] = [newId(), newId()];
    const sealed = [await vault.seal(erased, 'a'), await vault.seal(erased, 'b'), await vault.seal(other, 'c')];
    await vault.destroy(erased);
    await vault.destroy(newId());
    expect(await Promise.all(sealed.map((text) => vault.open(text ?? '')))).toEqual([null, null, 'c']);
    await vault.destroy(erased);
    expect(await vault.seal(erased, 'd')).toBeNull();
  });
});

describe('files', () => {
  test('open for their subject alone, byte for byte, and not at all once it was erased', async () => {
    const { vault } = open();
    const [subject, other] = [newId(), newId()];
    const bytes = randomBytes(100_000);
    const sealed = (await vault.sealBytes(subject, bytes)) ?? new Uint8Array();
    expect(Buffer.from(sealed).includes(bytes.subarray(0, 16))).toBe(false);
    expect(Buffer.from((await vault.openBytes(subject, sealed)) ?? []).equals(bytes)).toBe(true);
    await vault.sealBytes(other, bytes);
    await expect(vault.openBytes(other, sealed)).rejects.toThrow(BrokenInvariant);
    const cut = sealed.subarray(0, sealed.length - 1);
    await expect(vault.openBytes(subject, cut)).rejects.toThrow(BrokenInvariant);
    await vault.destroy(subject);
    expect(await vault.openBytes(subject, sealed)).toBeNull();
    expect(await vault.sealBytes(subject, bytes)).toBeNull();
  });
});

describe('blind indexes', () => {
  test('are the same for the same scope and value under one master key, and differ otherwise', () => {
    const masterKey = Buffer.alloc(32, 7);
    const { vault } = open(masterKey);
    const phone = '+996555123456';
    expect(vault.blindIndex('phone', phone)).toBe(open(masterKey).vault.blindIndex('phone', phone));
    // Stored in claims and projections: a change of the derivation would lose every account.
    expect(vault.blindIndex('phone', phone)).toBe('equ6GuSJ_hefdNYgPJNsn4AV1H6GpCoKrofJs4fXF-w');
    const others = [
      vault.blindIndex('email', phone),
      vault.blindIndex('phone', '+996555123457'),
      open(Buffer.alloc(32, 8)).vault.blindIndex('phone', phone),
    ];
    expect(others).not.toContain(vault.blindIndex('phone', phone));
    expect(new Set(others).size).toBe(3);
    expect(vault.blindIndex('phone', phone)).not.toContain('555');
  });
});
