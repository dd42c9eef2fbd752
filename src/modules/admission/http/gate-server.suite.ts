import { createHash, generateKeyPairSync } from 'node:crypto';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../../test/support/module-database.ts';
import { createManualClock, type ManualClock } from '../../../infrastructure/clock.ts';
import { createPostgresReplicationLog } from '../../../infrastructure/event-store/postgres-replication.ts';
import type { Principal, RoleAtPark } from '../../../infrastructure/http/access.ts';
import { fixtureInfo, startFixture } from '../../../infrastructure/http/http-fixture.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import {
  createEd25519Signer,
  createEd25519Verifier,
  gateKeyOf,
  verifyEd25519,
} from '../../../infrastructure/keys/ed25519-signer.ts';
import { createZone } from '../../../infrastructure/zone.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import type { ReEntry } from '../domain/admission-messages.ts';
import { admissionManifest, createAdmissionModule, type AdmissionModule } from '../module.ts';

export const NOW = '2026-12-05T06:00:00Z';

/** Most people that a device may let in alone in an hour. */
export const ALONE_PER_HOUR = 10;

const person = (name: string, ...roles: readonly RoleAtPark[]): [string, Principal] => [
  name,
  { kind: 'user' as const, userId: ids.next(), sessionId: name, roles, actor: `user:${name}` },
];
const people = new Map([
  person('gate', { role: 'gate', parkId: 'ala-archa' }),
  person('manager', { role: 'manager', parkId: null }),
  person('osh-manager', { role: 'manager', parkId: 'osh' }),
  person('osh', { role: 'gate', parkId: 'osh' }),
  person('guest', { role: 'guest', parkId: null }),
  person('finance', { role: 'finance', parkId: null }),
]);

const TICKET = {
  userId: ids.next(),
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  movedFrom: null,
  leaving: null,
  isPaid: true,
  status: 'active',
  partySize: 3,
  createdAtMs: Date.parse('2026-12-01T06:00:00Z'),
  children: [
    { firstName: 'Aibek', ageBand: '3-6' },
    { firstName: null, ageBand: '0-2' },
  ],
  validFromMs: Date.parse('2026-12-05T03:00:00Z'),
  validUntilMs: Date.parse('2026-12-05T14:30:00Z'),
} as const;

/** The gate routes behind a server, with a park and tickets of their own. */
export type GateServer = {
  readonly admission: AdmissionModule;
  readonly node: TestNode;
  readonly opened: ModuleDatabase;
  readonly clock: ManualClock;
  /** What the park has settled; tests may change it. */
  readonly park: { capacity: number; reEntry: ReEntry };
  /** The nodes that serve the gates of some days; headquarters, whose gates these are, serves all others. Tests may change it. */
  readonly homes: Map<string, string>;
  /** A ticket of three, good now. */
  sell(change?: Partial<GateTicketFacts>): GateTicketFacts;
  /** What becomes of a ticket that was sold. */
  change(ticket: GateTicketFacts, change: Partial<GateTicketFacts>): void;
  /** A call with a token, which is the name of a person, or with none. A body that is a text is sent as JSON as it stands. */
  call(
    as: string | null,
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    body?: object | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: Record<string, unknown>;
  }>;
  close(): Promise<void>;
};

export async function openGateServer(): Promise<GateServer> {
  const clock = createManualClock(Date.parse(NOW));
  const opened = await openModuleDatabase(admissionManifest, clock);
  const keys = generateKeyPairSync('ed25519');
  const park: GateServer['park'] = { capacity: 1_000, reEntry: 'none' };
  const shelf = new Map<string, GateTicketFacts>();
  const homes = new Map<string, string>();
  const node = await opened.startNode();
  const admission = createAdmissionModule({
    ...node,
    ids,
    clock,
    zone: createZone(),
    nodeId: 'hq',
    homeOf: async (_parkId, date) => homes.get(date) ?? 'hq',
    gatesOf: async (_parkId, date) => ({ home: homes.get(date) ?? 'hq', nodes: [...new Set(homes.values())] }),
    homesOf: async () => [],
    parkIds: async () => [],
    closingOf: async () => null,
    signer: createEd25519Signer(keys),
    verifier: createEd25519Verifier([keys.publicKey]),
    parkId: null,
    gateKeys: async () => [gateKeyOf(keys.publicKey)],
    tickets: {
      byId: (id) => Promise.resolve(shelf.get(id) ?? null),
      byQrCode: (code) => Promise.resolve([...shelf.values()].find(({ qrCode }) => qrCode === code) ?? null),
    },
    hashSecret: (secret) => createHash('sha256').update(secret).digest('hex'),
    digest: (bytes) => Promise.resolve(createHash('sha256').update(bytes).digest()),
    verifyDevice: verifyEd25519,
    nodeHead: () => createPostgresReplicationLog(node.database, clock).head(),
    heardAtMs: () => Promise.resolve(clock.now()),
    authorityPem: null,
    alonePerHour: ALONE_PER_HOUR,
    gateRules: () => Promise.resolve({ timeZone: 'Asia/Bishkek', ...park }),
  });
  const fixture = await startFixture({
    routes: admission.routes,
    info: { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'gate', description: 'Gates' }] },
    tokens: { verify: async (token) => people.get(token) ?? admission.deviceTokens.verify(token) },
  });
  return {
    admission,
    node,
    opened,
    clock,
    park,
    homes,
    sell(change = {}) {
      const ticket = { ...TICKET, ticketId: ids.next(), qrCode: ids.secret(16), ...change };
      shelf.set(ticket.ticketId, ticket);
      return ticket;
    },
    change: (ticket, change) => void shelf.set(ticket.ticketId, { ...ticket, ...change }),
    async call(as, method, url, body, headers = {}) {
      const response = await fixture.app.inject({
        method,
        url: `/api/v1${url}`,
        headers: {
          ...headers,
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        },
        ...(body === undefined ? {} : { payload: body }),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: response.body === '' ? {} : response.json<Record<string, unknown>>(),
      };
    },
    async close() {
      await fixture.app.close();
      await opened.close();
    },
  };
}
