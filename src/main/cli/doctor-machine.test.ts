import { expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { machineCheckUps } from './doctor-machine.ts';

const MEGABYTE = 1024 * 1024;

test.each([
  [1024, 'good', undefined],
  [1023, 'poor', 'make room soon'],
  [100, 'poor', 'make room soon'],
  [99, 'bad', 'make room'],
] as const)('a disk with %d MB left is %s', async (megabytes, state, mend) => {
  const config = loadConfig({ SKYPARK_DATA_DIR: '/nowhere/skypark' });
  const found = await machineCheckUps(config, async () => megabytes * MEGABYTE + MEGABYTE / 2);
  const text = `${megabytes} MB free for /nowhere/skypark`;
  expect(found.find(({ part }) => part === 'disk')).toEqual({
    part: 'disk',
    state,
    text,
    ...(mend === undefined ? {} : { mend }),
  });
});
