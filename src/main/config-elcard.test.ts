import { expect, test } from 'vitest';
import { ConfigFault, loadConfig } from './config.ts';
import type { Environment } from './settings/environment.ts';

const ELCARD = { ELCARD_BASE_URL: 'https://c.example', ELCARD_CLIENT_ID: 'us', ELCARD_CLIENT_SECRET: 's' };

/** What production has against the access to ElCard. */
function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig({ SKYPARK_MODE: 'production', ...environment });
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults.filter((fault) => fault.includes('ELCARD'));
    throw error;
  }
  return [];
}

test('production does without ElCard, or with all of its access over https', () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf(ELCARD)).toEqual([]);
  expect(faultsOf({ ...ELCARD, ELCARD_BASE_URL: 'http://c.example' })).toHaveLength(1);
  for (const name of Object.keys(ELCARD)) expect(faultsOf({ ...ELCARD, [name]: '' })).toHaveLength(1);
});
