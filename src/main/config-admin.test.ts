import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'skypark-config-admin-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the first admin', () => {
  const phone = { SKYPARK_ADMIN_PHONE: '0555 123 456' };

  test('is named with a password, in a variable or in a file', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'seven yaks\n');
    expect(loadConfig({}).firstAdmin).toBeNull();
    const wanted = { phone: '0555 123 456', password: 'seven yaks' };
    expect(loadConfig({ ...phone, SKYPARK_ADMIN_PASSWORD: 'seven yaks' }).firstAdmin).toEqual(wanted);
    expect(loadConfig({ ...phone, SKYPARK_ADMIN_PASSWORD_FILE: file }).firstAdmin).toEqual(wanted);
  });

  test('half named is a fault that does not repeat the password', () => {
    expect(() => loadConfig(phone)).toThrow('SKYPARK_ADMIN_PHONE needs SKYPARK_ADMIN_PASSWORD');
    const half = () => loadConfig({ SKYPARK_ADMIN_PASSWORD: 'seven yaks' });
    expect(half).toThrow('SKYPARK_ADMIN_PASSWORD needs SKYPARK_ADMIN_PHONE');
    expect(half).not.toThrow('seven yaks');
  });
});
