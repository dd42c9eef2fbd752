import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinkSigner } from './link-signer.ts';

const signer = createLinkSigner(Buffer.alloc(32, 1));
const NOW_MS = 1_795_604_400_000;

test('a link names its text until its moment, and nothing from then on', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(1_000_000), (text, afterMs) => {
      const link = signer.sign(text, NOW_MS + afterMs);
      expect(link).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
      expect(signer.open(link, NOW_MS + afterMs - 1)).toBe(Buffer.from(text).toString());
      expect(signer.open(link, NOW_MS + afterMs)).toBeNull();
    }),
  );
});

test('a link that was edited anywhere, or was signed with another key, names nothing', () => {
  const link = signer.sign('children/a/b', NOW_MS + 1000);
  for (let index = 0; index < link.length; index += 1) {
    const other = link[index] === 'A' ? 'B' : 'A';
    expect(signer.open(link.slice(0, index) + other + link.slice(index + 1), NOW_MS)).toBeNull();
  }
  for (const edited of ['', '.', `${link}.`, `${link}A`, `.${link}`, link.slice(0, -1), link.replace('.', '')]) {
    expect(signer.open(edited, NOW_MS)).toBeNull();
  }
  expect(createLinkSigner(Buffer.alloc(32, 2)).open(link, NOW_MS)).toBeNull();
});
