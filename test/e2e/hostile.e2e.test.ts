import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';
import type { Route } from '../../src/infrastructure/http/route.ts';
import { assert } from '../../src/kernel/assert.ts';
import { documentedRoutes } from '../../src/main/documented-routes.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';
import { requestOf, SESSION_ENDING } from './contract-requests.ts';
import { makeWorld, type World } from './contract-world.ts';

const clock = createManualClock(Date.parse('2026-12-01T06:00:00Z'));

type Hostile = readonly [what: string, body: string, headers?: Readonly<Record<string, string>>];

/** What is no JSON of one meaning, made of a body that is. */
const notJson = (body: string): readonly Hostile[] => [
  ['cut off', body.slice(0, -1)],
  ['after a byte order mark', `\uFEFF${body}`],
  ['with NaN', '{"a":NaN}'],
  ['with a comma at its end', `${body.slice(0, -1)},}`],
  ['with a name twice', body.replace('{', '{"twice":1,"twice":1,')],
  ['that reaches for a prototype', body.replace('{', '{"__proto__":{"admin":true},')],
  ['nested 10 000 deep', '['.repeat(10_000)],
  ['compressed', body, { 'content-encoding': 'gzip' }],
];

/** Texts that mean something to other programs. */
const PROBES = [
  `'; drop table store.event; --`,
  '$' + '{7*7}{{7*7}}<%= 7*7 %>',
  '$(id)`id`',
  '*)(uid=*',
  '<script>alert(1)</script>',
  'a\r\nset-cookie: a=b',
  '\u202Egnp.exe',
  '\u{1F9D2}',
  'a'.repeat(5000),
];
/** Texts that are none. */
const BROKEN_TEXTS = ['a\\u0000b', '\\ud800'];
const NUMBERS = ['-1', '1e9', '99999999999999999999', 'x', '1.5', ''];
const DATES = ['2026-02-30', '2026-13-01', '0001-01-01', '26-1-1', '2026-12-05T10:00:00Z'];

const propertiesOf = (schema: Route['query']): Readonly<Record<string, Record<string, unknown>>> =>
  isRecord(schema?.['properties']) ? (schema['properties'] as Record<string, Record<string, unknown>>) : {};

const textOf = ({ body }: RequestInit): string => (typeof body === 'string' ? body : '');

describeWithDatabase('hostile input', () => {
  const { later, run } = createCleanUp();
  let world: World;
  let routes: readonly Route[];

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const dataDir = await temporaryDataDir(later);
    const api = await startTestApi(await localSettings(dataDir, { DATABASE_URL: database.url }), clock, later);
    world = await makeWorld(api);
    routes = (await documentedRoutes()).routes.filter(({ operationId }) => !SESSION_ENDING.includes(operationId));
  });
  afterAll(run);

  /** The documented example of a route as somebody who may ask it. */
  function requestFor(route: Route) {
    const { access } = route;
    const isForDevices = access.kind === 'roles' && access.devices === 'only';
    const name = isForDevices ? 'device' : { public: 'anonymous', user: 'guest', roles: 'admin' }[access.kind];
    const caller = world.callers.find((one) => one.name === name);
    assert(caller, `nobody is called ${name}`);
    return requestOf(route, caller, 'own', world);
  }

  /** The status of an answer; every refusal must be a problem with a request id. */
  async function statusOf(path: string, init: RequestInit): Promise<number> {
    const leaving = new AbortController();
    const answer = await fetch(`${world.url}${path}`, { ...init, signal: leaving.signal });
    const type = answer.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) leaving.abort();
    else await answer.arrayBuffer();
    const isProblem = type.startsWith('application/problem+json') && answer.headers.has('x-request-id');
    return answer.status >= 400 && !isProblem ? 999 : answer.status;
  }

  const withJson = (): readonly Route[] =>
    routes.filter(({ bodyTypes: [type], rawBody }) => type === 'application/json' && rawBody !== true);

  test('a body that is no JSON of one meaning is 400 at every route, a compressed one 415', async () => {
    const faults: string[] = [];
    let cases = 0;
    for (const route of withJson()) {
      const { path, init } = requestFor(route);
      for (const [what, body, headers = {}] of notJson(textOf(init))) {
        const status = await statusOf(path, { ...init, headers: { ...init.headers, ...headers }, body });
        cases += 1;
        if (status !== (what === 'compressed' ? 415 : 400)) faults.push(`${route.operationId} ${what}: ${status}`);
      }
    }
    expect(faults).toEqual([]);
    expect(cases).toBeGreaterThan(200);
  }, 120_000);

  test('in every text of every body: what is no text is 400, a number is not read as one, and nothing breaks', async () => {
    const faults: string[] = [];
    let cases = 0;
    for (const route of withJson()) {
      const { path, init } = requestFor(route);
      const example: unknown = JSON.parse(textOf(init));
      const texts = isRecord(example) ? Object.entries(example).filter(([, value]) => typeof value === 'string') : [];
      const ask = (body: string) => statusOf(path, { ...init, body });
      for (const [name] of texts) {
        const withValue = (json: string): string =>
          JSON.stringify({ ...(example as object), [name]: '\u0001' }).replace(JSON.stringify('\u0001'), () => json);
        for (const text of BROKEN_TEXTS) {
          const status = await ask(withValue(`"${text}"`));
          if (status !== 400) faults.push(`${route.operationId}.${name} ${text}: ${status}`);
        }
        const asNumber = await ask(withValue('7'));
        if (asNumber !== 400) faults.push(`${route.operationId}.${name} as a number: ${asNumber}`);
        for (const probe of PROBES) {
          const status = await ask(withValue(JSON.stringify(probe)));
          if (status >= 500) faults.push(`${route.operationId}.${name} ${probe.slice(0, 30)}: ${status}`);
        }
        cases += BROKEN_TEXTS.length + PROBES.length + 1;
      }
    }
    expect(faults).toEqual([]);
    expect(cases).toBeGreaterThan(300);
  }, 240_000);

  test('numbers, dates and cursors of every query are in range or 400, and so is a name that stands twice', async () => {
    const faults: string[] = [];
    let cases = 0;
    for (const route of routes) {
      const { path, init } = requestFor(route);
      for (const [name, schema] of Object.entries(propertiesOf(route.query))) {
        const isNumber = schema['type'] === 'integer';
        const values = isNumber ? NUMBERS : schema['format'] === 'date' ? DATES : name === 'cursor' ? ['forged'] : [];
        const asked = values.map((value) => [name, value] as const);
        const twice = `${name}=1&${name}=1`;
        for (const query of [...asked.map(([key, value]) => `${key}=${encodeURIComponent(value)}`), twice]) {
          const [address = '', old = ''] = path.split('?');
          const others = new URLSearchParams(old);
          others.delete(name);
          const status = await statusOf(`${address}?${[others.toString(), query].filter(Boolean).join('&')}`, init);
          cases += 1;
          if (status !== 400) faults.push(`${route.operationId}?${query}: ${status}`);
        }
      }
    }
    expect(faults).toEqual([]);
    expect(cases).toBeGreaterThan(100);
  }, 120_000);
});
