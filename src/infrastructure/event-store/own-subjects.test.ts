import { expect, test } from 'vitest';
import { systemIds } from '../ids.ts';
import { createOwnSubjects } from './own-subjects.ts';
import { createMemorySubjectKeys } from './subject-keys.ts';
import { createVault } from './vault.ts';

const TICKET = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

const vaultOf = (fill: number) => createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, fill) });

test('what another node sealed opens as null, also where both have a key for the same ticket', async () => {
  const headquarters = vaultOf(1);
  const park = createOwnSubjects(vaultOf(2), systemIds, 'osh-1');
  const [there, here] = [await headquarters.seal(TICKET, 'Aibek'), await park.seal(TICKET, 'Ayana')];
  expect(await park.open(there ?? '')).toBeNull();
  expect(await headquarters.open(here ?? '')).toBeNull();
  expect(await park.open(here ?? '')).toBe('Ayana');
});

test('a key that was destroyed opens nothing and seals nothing more', async () => {
  const park = createOwnSubjects(vaultOf(2), systemIds, 'osh-1');
  const sealed = await park.seal(TICKET, 'Ayana');
  const file = await park.sealBytes(TICKET, Buffer.from('a picture'));
  expect(Buffer.from((await park.openBytes(TICKET, file ?? Buffer.alloc(0))) ?? []).toString()).toBe('a picture');
  await park.destroy(TICKET);
  expect(await park.open(sealed ?? '')).toBeNull();
  expect(await park.seal(TICKET, 'Ayana')).toBeNull();
});
