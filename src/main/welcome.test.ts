import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { welcome } from './welcome.ts';

const login = { phone: '+996555000001', password: 'secret' };
const accounts = { family: login, gate: login, admin: login };

const tryIt = (settings: Readonly<Record<string, string>>): string | undefined => {
  const text = welcome({ config: loadConfig(settings), accounts, database: 'embedded', sandboxUrl: null });
  return /Try it +(.*)/.exec(text)?.[1];
};

test('the demo that a welcome names is one of this very product', () => {
  expect(tryIt({})).toBe('npm run demo');
  expect(tryIt({ PORT: '9090' })).toBe('SKYPARK_URL=http://127.0.0.1:9090 npm run demo');
  expect(tryIt({ PORT: '9090', SKYPARK_DATA_DIR: '/srv/park' })).toBe(
    'SKYPARK_URL=http://127.0.0.1:9090 SKYPARK_DATA_DIR=/srv/park npm run demo',
  );
});
