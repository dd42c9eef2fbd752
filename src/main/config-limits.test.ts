import { expect, test } from 'vitest';
import { ConfigFault, loadConfig } from './config.ts';

test('limits of the whole chain are as they are set, and have usual figures else', () => {
  expect(loadConfig({}).chainFigures).toEqual({ codesPerHour: 1_000, codesPerDay: 5_000, loginFailures: 500 });
  const set = { SMS_PER_HOUR: '17', SMS_PER_DAY: '170', LOGIN_FAILURES_LIMIT: '9' };
  expect(loadConfig(set).chainFigures).toEqual({ codesPerHour: 17, codesPerDay: 170, loginFailures: 9 });
});

test.each(['SMS_PER_HOUR', 'SMS_PER_DAY', 'LOGIN_FAILURES_LIMIT'])('%s cannot be nothing', (name) => {
  for (const text of ['0', '-1', '1.5', 'many']) expect(() => loadConfig({ [name]: text })).toThrow(ConfigFault);
});
