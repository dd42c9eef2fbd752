import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { scopeHashes, type ScopeHash } from '../../src/infrastructure/event-store/scope-hashes.ts';
import { auditRules } from '../../src/main/cli/check.ts';
import type { Finding } from '../../src/main/cli/finding.ts';
import type { App } from '../../src/main/compose.ts';
import { entryAccount } from '../../src/modules/admission/domain/entry-limit.ts';
import { projections } from '../../src/main/migration-sources.ts';
import { capacityAccount } from '../../src/modules/booking/domain/capacity.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { enrol, eventually, openHeadquarters, openPark, type Node, type OwnNode } from '../support/nodes.ts';
import { localSettings, temporaryDataDir, type CleanUp, type Settings } from '../support/product.ts';
import { newGuest, openSmallPark, type Guest } from './guests.ts';

/** Headquarters, and data directories of one park's node that are put back, copied or lost. */

/** Noon in Bishkek. */
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
export const TODAY = '2026-12-05';
export const PARK = 'small';
export const NODE = 'small-1';
export const QUOTA = 100;
/** What headquarters gives the park of it at first. */
export const SHARE = 20;
export const META = { actor: 'system', correlationId: 'test' };

/** What a gate answers when it shows a code; `url` of the node that is asked. */
export type Scan = (url: string, code: string) => Promise<string>;

export type LivesWorld = {
  readonly clock: ReturnType<typeof createManualClock>;
  readonly hq: OwnNode;
  readonly folderOf: (name: string) => string;
  /** A node of the park on its own data directory. Its marker is on another volume, as the runbook has it. */
  settingsOf(name: string, marker?: string): Promise<Settings>;
  /** A new node that is enrolled, with its share of the places and whoever works at its gate. */
  openNewPark(settings: Settings): Promise<OwnNode>;
  /** A node as it is on its data directory. */
  open(settings: Settings): Promise<OwnNode>;
  readonly scan: Scan;
  /** Headquarters has all that the node wrote. */
  inStep(park: Node): Promise<void>;
  /** The node asks for places until it has some. @returns how many it has */
  granted(park: Node): Promise<number>;
  /** Codes of tickets for one child, sold at the desk; `sold out` where there are no more. */
  sell(park: Node, count: number): Promise<readonly string[]>;
  /** Sells until there is nothing left, and answers how many: a park asks for more while few are left, so more may come meanwhile. */
  sellOut(park: Node): Promise<number>;
};

export const freeAt = async ({ app: { store } }: Node): Promise<number> =>
  (await store.balances([capacityAccount(PARK, TODAY, 'free')]))[0] ?? 0;

/** How often an event of a type was stored by whomever. */
export const countOf = async ({ app: { store } }: Node, type: string): Promise<number> =>
  (await store.read(0, 10_000, [type])).length;

/** How many are in the park today by the counters of a node's gates. */
export const insideAt = async ({ app: { store } }: Node): Promise<number> =>
  (await store.balances([entryAccount({ parkId: PARK, visitDate: TODAY }, 'inside')]))[0] ?? 0;

/** Tickets are sold here without their money, so nothing is looked at that is about payments. */
const LOOKED_AT: readonly string[] = ['log', 'rule 1', 'gates'];

/** What does not hold in a node's database of its log, its places and its gates. */
export const faultsAt = async ({ databaseUrl }: OwnNode): Promise<readonly Finding[]> =>
  (await auditRules(databaseUrl, { facts: null })).filter(
    ({ subject, holds }) => LOOKED_AT.includes(subject) && !holds,
  );

/** What a node holds of the park in common with others. */
export async function heldOf({ app: { database } }: Node): Promise<ScopeHash | undefined> {
  return (await scopeHashes(database, projections)).find(({ scope }) => scope === PARK);
}

async function sellOne({ modules }: App): Promise<string> {
  const visit = { parkId: PARK, children: [{ name: null, age: 5 }], adults: 0, paymentId: randomUUID() };
  const sold = await modules.booking.sellAtDesk(visit, () => [], META);
  return sold.ok ? (sold.value.admissionCode ?? 'no code') : 'sold out';
}

async function post(url: string, path: string, body: object, token?: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: token }) };
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, unknown>;
}

/** Whoever works at the gate, signed in anew each time: another machine may answer. */
export const scanBy =
  (words: Guest['login']): Scan =>
  async (url, code) => {
    const token = `Bearer ${String((await post(url, '/auth/login', words))['access_token'])}`;
    const scan = { scan_id: randomUUID(), code, direction: 'in', gate: 'main', scanned_at: '2026-12-05T06:00:00Z' };
    const { results } = await post(url, '/gate/scans', { scans: [scan] }, token);
    return String((results as readonly { readonly outcome: string }[])[0]?.outcome);
  };

export async function openLivesWorld(later: CleanUp): Promise<LivesWorld> {
  const clock = createManualClock(NOON_MS);
  const folder = await temporaryDataDir(later);
  const folderOf = (name: string): string => join(folder, name);
  const hqSettings = await localSettings(folderOf('hq'), { LOG_LEVEL: 'fatal', PORT: String(await freePort()) });
  const hq = await openHeadquarters(hqSettings, clock, later);
  await openSmallPark(hq.app, PARK, QUOTA);
  const gatekeeper = await newGuest(hq.url);
  await hq.app.modules.auth.grantRole({ userId: gatekeeper.userId, role: 'gate', parkId: PARK }, META);
  const open = (settings: Settings): Promise<OwnNode> => openPark(settings, clock, later);
  return {
    clock,
    hq,
    folderOf,
    open,
    scan: scanBy(gatekeeper.login),
    settingsOf: (name, marker = name) =>
      localSettings(folderOf(name), {
        SKYPARK_ROLE: 'park',
        SKYPARK_NODE_ID: NODE,
        SKYPARK_PARK_ID: PARK,
        SKYPARK_HQ_URL: hq.url,
        SKYPARK_MARKER_FILE: join(folder, 'markers', `${marker}.json`),
        LOG_LEVEL: 'fatal',
      }),
    async openNewPark(settings) {
      const park = await open(settings);
      await enrol(hq.app, park.app, TODAY);
      await hq.app.modules.booking.shares.grantWalkUps(META);
      const cards = await hq.app.modules.auth.staffCardsOf(PARK);
      await park.app.modules.auth.keepStaffCards?.(JSON.parse(JSON.stringify(cards)) as typeof cards);
      return park;
    },
    async inStep(park) {
      await eventually(
        async () => {
          const { incarnation, seq } = await park.app.replication.head();
          const authors = await hq.app.replication.authors();
          return [seq, authors.find((one) => one.incarnation === incarnation)?.seq ?? 0];
        },
        ([own, there]) => own === there,
      );
    },
    granted: (park) =>
      eventually(
        () => park.app.modules.booking.shares.tend(META).then(() => freeAt(park)),
        (free) => free > 0,
      ),
    async sell(park, count) {
      const codes: string[] = [];
      for (let one = 0; one < count; one += 1) codes.push(await sellOne(park.app));
      return codes;
    },
    async sellOut(park) {
      let sold = 0;
      while ((await sellOne(park.app)) !== 'sold out') sold += 1;
      return sold;
    },
  };
}
