import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { demoAccounts } from './demo-seed.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'skypark-demo-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('demo logins are made once, for their owner only', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'demo.json');
  const made = await demoAccounts(file);
  expect(await demoAccounts(file)).toEqual(made);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['demo.json']);
});

test('a login that an earlier release did not make is added beside those that are kept', async () => {
  const file = join(await temporaryDirectory(), 'demo.json');
  const { family, gate, admin } = await demoAccounts(file);
  await writeFile(file, JSON.stringify({ family, gate }));
  const made = await demoAccounts(file);
  expect(made).toMatchObject({ family, gate, admin: { phone: admin.phone } });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(made);
});

test('demo logins are never written through a link that somebody put in their way', async () => {
  const directory = await temporaryDirectory();
  const precious = join(directory, 'precious');
  await writeFile(precious, 'keep me');
  await symlink(precious, join(directory, 'demo.json.draft'));
  await demoAccounts(join(directory, 'demo.json'));
  expect(await readFile(precious, 'utf8')).toBe('keep me');
});
