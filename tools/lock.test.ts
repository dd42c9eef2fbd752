import { expect, test } from 'vitest';
import { lockFaults } from './lock.ts';

test('a lock that names every platform package and no host is sound', () => {
  const packages = {
    '': { optionalDependencies: { '@db/linux': '1' } },
    'node_modules/@db/linux': {},
    'node_modules/tool': { optionalDependencies: { '@tool/linux': '1', '@tool/mac': '1' } },
    'node_modules/@tool/linux': {},
    'node_modules/tool/node_modules/@tool/mac': {},
  };
  expect(lockFaults({ packages })).toEqual([]);
});

test('a platform package without an entry is a fault: npm ci would stop on it', () => {
  const packages = {
    'node_modules/tool': { optionalDependencies: { '@tool/linux': '1', '@tool/mac': '1' } },
    'node_modules/@tool/linux': {},
    'node_modules/other/node_modules/@tool/mac': {},
  };
  expect(lockFaults({ packages })).toEqual(['node_modules/tool: optional @tool/mac has no entry']);
});

test('a host name is a fault', () => {
  const packages = { 'node_modules/tool': { resolved: 'https://packages.example/tool.tgz' } };
  expect(lockFaults({ packages })).toEqual(['node_modules/tool: names a host in "resolved"']);
});

test('an empty lock is a fault', () => {
  expect(lockFaults({ packages: {} })).toEqual(['the lock has no entries']);
});
