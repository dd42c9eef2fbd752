import { chown, cp, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import { configOf, localSettings, temporaryDataDir } from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { endOfChain } from '../sync/protocol/key-chain.ts';
import { changeHeadquartersKey, createHeadquartersKey } from './headquarters-key.ts';

describeWithDatabase('the key of headquarters', () => {
  async function open() {
    const { url, drop } = await createTestDatabase();
    const config = configOf(await localSettings(await temporaryDataDir(), { DATABASE_URL: url }));
    const database = connectDatabase({ url, poolSize: 2, applicationName: 'keys', onError: () => undefined });
    const close = async (): Promise<void> => {
      await database.close();
      await drop();
    };
    return { config, keys: join(config.dataDir, 'keys'), database, clock: createManualClock(0), close };
  }

  test('is changed as often as somebody says so, and certificates lead from each to the one in force', async () => {
    const { close, keys, ...place } = await open();
    const [one, another] = [createHeadquartersKey(place.config), createHeadquartersKey(place.config)];
    const first = await one.signer();
    expect(await changeHeadquartersKey(place)).toMatchObject({ kind: 'changed', oldKeyId: first.keyId });
    const second = await another.signer();
    expect(await changeHeadquartersKey(place)).toMatchObject({ kind: 'changed', oldKeyId: second.keyId });
    const third = await one.signer();
    expect(new Set([first, second, third].map(({ keyId }) => keyId)).size).toBe(3);
    const known = { nodeId: place.config.nodeId, publicKey: first.publicKey };
    expect(await endOfChain(known, await another.certificates())).toBe(third.publicKey);
    expect(await readdir(keys)).toEqual(['node.pem', 'node.pem.certificates']);
    await close();
  });

  test('that is put back as the next one is not taken: it was replaced', async () => {
    const { close, keys, ...place } = await open();
    const own = createHeadquartersKey(place.config);
    await own.signer();
    await cp(join(keys, 'node.pem'), join(keys, 'node.pem.next'));
    expect(await changeHeadquartersKey(place)).toEqual({ kind: 'used_before' });
    await rename(join(keys, 'node.pem.next'), join(keys, 'old'));
    await changeHeadquartersKey(place);
    const { keyId } = await own.signer();
    await cp(join(keys, 'old'), join(keys, 'node.pem.next'));
    expect(await changeHeadquartersKey(place)).toEqual({ kind: 'used_before' });
    expect((await own.signer()).keyId).toBe(keyId);
    await close();
  });

  test('and its certificates belong to the account of the program, whoever changes it', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root may give files away');
    const { close, keys, ...place } = await open();
    await createHeadquartersKey(place.config).signer();
    await chown(join(keys, 'node.pem'), 1000, 1000);
    await changeHeadquartersKey(place);
    for (const name of await readdir(keys)) {
      const { uid, mode } = await stat(join(keys, name));
      expect([name, uid, mode & 0o777]).toEqual([name, 1000, 0o600]);
    }
    await close();
  });

  test('changes for one at a time', async () => {
    const { close, keys: _keys, ...place } = await open();
    await createHeadquartersKey(place.config).signer();
    const kinds = await Promise.all(Array.from({ length: 4 }, () => changeHeadquartersKey(place)));
    const changed = kinds.filter(({ kind }) => kind === 'changed');
    expect(kinds.filter(({ kind }) => kind !== 'changed' && kind !== 'busy')).toEqual([]);
    expect(await createHeadquartersKey(place.config).certificates()).toHaveLength(changed.length);
    await close();
  });
});
