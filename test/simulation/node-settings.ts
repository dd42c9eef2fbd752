import { createLogRegister } from '../../src/infrastructure/fiscal-register/log-register.ts';
import type { Route } from '../../src/infrastructure/http/route.ts';
import type { Job } from '../../src/infrastructure/module.ts';
import { noRegisters } from '../../src/main/fiscal-registers.ts';
import type { HttpFetch } from '../../src/infrastructure/outgoing-http/http-fetch.ts';
import type { Finding } from '../../src/main/cli/finding.ts';
import type { Providers } from '../../src/main/wiring/tools.ts';
import type { Databases } from './databases.ts';
import type { Dice } from './dice.ts';

export const HEADQUARTERS_URL = 'https://headquarters.example';

/** So few that a device that works alone lets in more with a mark, and then nobody. */
export const ALONE_PER_HOUR = 6;

/** Parks sell without cash registers: several receipts are asked for at once, in no order that a seed could give again. */
const register = createLogRegister(() => undefined);
export const noCashRegisters = { ...noRegisters, of: () => register, ready: () => true };

export type NodePlace = {
  readonly nodeId: string;
  /** Null at headquarters. */
  readonly parkId: string | null;
  readonly databaseUrl: string;
  /** Keys and marker of the node: what is not in its database. */
  readonly dataDir: string;
  readonly dice: Dice;
  readonly providers: Providers;
  /** Time passes for everybody while this node waits. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Opens its connections. */
  readonly connect: Databases['connect'];
  /** How far its flows have read its log when it is first started, as a position. */
  readonly heardTo: number;
  /** What `cli check` says of its log. */
  readonly audit: () => Promise<readonly Finding[]>;
  /** How a park reaches headquarters. */
  readonly fetch: HttpFetch;
};

type Place = Pick<NodePlace, 'nodeId' | 'parkId' | 'databaseUrl' | 'dataDir'>;

export const settingsOf = ({ nodeId, parkId, databaseUrl, dataDir }: Place) => ({
  PORT: '8080',
  DATABASE_URL: databaseUrl,
  SKYPARK_DATA_DIR: dataDir,
  SKYPARK_MODE: 'demo',
  SKYPARK_NODE_ID: nodeId,
  LOG_LEVEL: 'fatal',
  DB_POOL_SIZE: '2',
  RATE_LIMIT_PER_MINUTE: '1000000',
  GATE_ALONE_PER_HOUR: String(ALONE_PER_HOUR),
  ...(parkId === null ? {} : { SKYPARK_ROLE: 'park', SKYPARK_PARK_ID: parkId, SKYPARK_HQ_URL: HEADQUARTERS_URL }),
});

/**
 * Makes the books anew from the whole log, in tables of its own: that is a sixth of a life where it is done each day, and each time the server
 * forgets its plans. It is done once, at the end.
 */
export const isForTheEnd = ({ name }: Job): boolean => name === 'check the ledger';

/** A server compiles the schemas of all its routes, so it gets those that are called. */
const USED = new Set([
  'POST /api/v1/auth/login',
  'PUT /api/v1/admin/users/:id/roles',
  'POST /api/v1/tickets',
  'GET /api/v1/tickets/:id',
  'POST /api/v1/tickets/:id/cancel',
  'POST /api/v1/tickets/:id/move',
  'POST /api/v1/payments',
  'POST /api/v1/payments/webhooks/:provider',
  'POST /api/v1/gate/shifts',
  'POST /api/v1/gate/sales',
  'POST /api/v1/gate/scans',
  'POST /api/v1/gate/devices/enroll',
  'GET /api/v1/gate/bundle',
  'POST /api/v1/gate/log',
  'POST /api/v1/gate/certificate',
  'POST /api/v1/admin/devices',
  'DELETE /api/v1/admin/devices/:id',
  'POST /api/v1/admin/tickets/:id/cancel',
  'GET /api/v1/parks/:id',
  'PATCH /api/v1/parks/:id',
]);
export const isUsed = ({ method, url }: Route): boolean => url.startsWith('/sync/') || USED.has(`${method} ${url}`);
