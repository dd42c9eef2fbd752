import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

test('a certificate for HTTPS needs its key, and the other way round', () => {
  expect(loadConfig({})).toMatchObject({ tls: null, tlsCaFile: null });
  expect(loadConfig({ TLS_CERT_FILE: '/tls.pem', TLS_KEY_FILE: '/tls.key', TLS_CA_FILE: '/ca.pem' })).toMatchObject({
    tls: { certFile: '/tls.pem', keyFile: '/tls.key' },
    tlsCaFile: '/ca.pem',
  });
  expect(() => loadConfig({ TLS_CERT_FILE: '/tls.pem' })).toThrow('TLS_CERT_FILE needs TLS_KEY_FILE');
  expect(() => loadConfig({ TLS_KEY_FILE: '/tls.key' })).toThrow('TLS_KEY_FILE needs TLS_CERT_FILE');
});
