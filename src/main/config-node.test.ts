import { expect, test } from 'vitest';
import { ConfigFault, loadConfig } from './config.ts';

type Environment = Parameters<typeof loadConfig>[0];

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults;
  }
}

const PARK = {
  SKYPARK_ROLE: 'park',
  SKYPARK_NODE_ID: 'osh-1',
  SKYPARK_PARK_ID: 'osh-center',
  SKYPARK_HQ_URL: 'https://hq.example',
};

test('a node is headquarters unless it is told to be a park', () => {
  expect(loadConfig({}).node).toEqual({ role: 'hq' });
  expect(loadConfig(PARK).node).toEqual({ role: 'park', parkId: 'osh-center', hqUrl: 'https://hq.example' });
});

test('a park node needs a name of its own, its park and its headquarters', () => {
  expect(faultsOf({ SKYPARK_ROLE: 'park' })).toEqual([
    'SKYPARK_ROLE=park needs SKYPARK_NODE_ID',
    'SKYPARK_ROLE=park needs SKYPARK_PARK_ID',
    'SKYPARK_ROLE=park needs SKYPARK_HQ_URL',
    'SKYPARK_NODE_ID: a park node has another name than headquarters',
  ]);
});

test('headquarters has no park', () => {
  expect(faultsOf({ SKYPARK_PARK_ID: 'osh-center', SKYPARK_HQ_URL: 'https://hq.example' })).toEqual([
    'SKYPARK_PARK_ID is for SKYPARK_ROLE=park',
    'SKYPARK_HQ_URL is for SKYPARK_ROLE=park',
  ]);
});

test('headquarters is reached without TLS on this machine only', () => {
  expect(faultsOf({ ...PARK, SKYPARK_HQ_URL: 'http://hq.example' })).toEqual([
    'SKYPARK_HQ_URL must be https: only headquarters on this machine may be reached without',
  ]);
  expect(faultsOf({ ...PARK, SKYPARK_HQ_URL: 'http://127.0.0.1:8080' })).toEqual([]);
});

test('a park node stands beside headquarters on one machine: it has a port and a data directory of its own', () => {
  expect(loadConfig({})).toMatchObject({ port: 8080, dataDir: '.skypark', markerFile: '.skypark/marker.json' });
  expect(loadConfig({ ...PARK, SKYPARK_HQ_URL: 'http://127.0.0.1:8080' })).toMatchObject({
    port: 8081,
    dataDir: '.skypark-osh-1',
    markerFile: '.skypark-osh-1/marker.json',
  });
});

test('a park has no first admin: its staff are told by headquarters', () => {
  const admin = { SKYPARK_ADMIN_PHONE: '+996555123456', SKYPARK_ADMIN_PASSWORD: 'a horse of Naryn' };
  expect(faultsOf({ ...PARK, ...admin })).toEqual([
    'SKYPARK_ADMIN_PHONE is for headquarters: a park has its staff from there',
  ]);
});

const PRODUCTION = {
  ...PARK,
  SKYPARK_MODE: 'production',
  PUBLIC_URL: 'https://osh.park.example',
  DATABASE_URL: 'postgres://skypark:secret@127.0.0.1/skypark',
  JWT_PRIVATE_KEY_FILE: '/keys/jwt.pem',
  ADMISSION_KEY_FILE: '/keys/admission.pem',
  MASTER_KEY_FILE: '/keys/master.key',
  NODE_KEY_FILE: '/keys/node.pem',
  METRICS_TOKEN: 'metrics',
};

test('a park in production needs keys of its own and its headquarters over https, and no payment provider', () => {
  expect(faultsOf(PRODUCTION)).toEqual([]);
  expect(faultsOf({ ...PRODUCTION, NODE_KEY_FILE: '' })).toEqual(['production needs NODE_KEY_FILE']);
  expect(faultsOf({ ...PRODUCTION, SKYPARK_HQ_URL: 'http://127.0.0.1:8080' })).toEqual([
    'production needs an https SKYPARK_HQ_URL',
  ]);
});
