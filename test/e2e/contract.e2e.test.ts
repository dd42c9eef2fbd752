import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { errorEntry, isErrorCode } from '../../src/infrastructure/http/error-table.ts';
import { isRecord, plainSchema } from '../../src/infrastructure/http/json-schema.ts';
import { problemsOf } from '../../src/infrastructure/http/openapi-problems.ts';
import type { Route } from '../../src/infrastructure/http/route.ts';
import { compileValidator } from '../../src/infrastructure/http/validation.ts';
import { documentedRoutes } from '../../src/main/documented-routes.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';
import { placesOf, requestOf, SESSION_ENDING, verdictOf, type Verdict } from './contract-requests.ts';
import { makeWorld, type Caller, type Place, type World } from './contract-world.ts';

const clock = createManualClock(Date.parse('2026-12-01T06:00:00Z'));

type Answer = { readonly status: number; readonly type: string; readonly json: Record<string, unknown> | null };

/**
 * Examples that are well formed and that this world refuses all the same as `validation_failed`: bytes that are no picture,
 * a host that no name system here knows, a password that is not the caller's.
 */
const REFUSED_EXAMPLES: readonly string[] = ['addWebhook', 'changeWebhook', 'putChildPhoto', 'eraseMe'];

describeWithDatabase('the contract', () => {
  const { later, run } = createCleanUp();
  let world: World;
  let routes: readonly Route[];

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const dataDir = await temporaryDataDir(later);
    const api = await startTestApi(await localSettings(dataDir, { DATABASE_URL: database.url }), clock, later);
    world = await makeWorld(api);
    const documented = (await documentedRoutes()).routes;
    // What ends a session comes last.
    const ends = ({ operationId }: Route): boolean => SESSION_ENDING.includes(operationId);
    routes = [...documented.filter((route) => !ends(route)), ...documented.filter(ends)];
  });
  afterAll(run);

  async function ask(route: Route, caller: Caller, place: Place): Promise<Answer> {
    const { path, init } = requestOf(route, caller, place, world);
    const leaving = new AbortController();
    const answer = await fetch(`${world.url}${path}`, { ...init, signal: leaving.signal });
    const type = answer.headers.get('content-type') ?? '';
    const isStream = type.startsWith('text/event-stream');
    const text = isStream ? '' : await answer.text();
    if (isStream) leaving.abort();
    const json: unknown = type.includes('json') && text !== '' ? JSON.parse(text) : null;
    return { status: answer.status, type, json: isRecord(json) ? json : null };
  }

  const codeOf = ({ json }: Answer): string => (typeof json?.['code'] === 'string' ? json['code'] : '');

  function holds(verdict: Verdict, answer: Answer): boolean {
    const code = codeOf(answer);
    switch (verdict) {
      case 'unauthorized':
      case 'forbidden':
        return code === verdict;
      case 'kept from':
        return code === 'forbidden' || answer.status === 404;
      case 'may':
        return code !== 'unauthorized' && code !== 'forbidden';
    }
  }

  /** A code, a refresh token or a password in the example that is not good; the caller is not looked at. */
  const isAboutContent = ({ access }: Route, answer: Answer): boolean =>
    access.kind === 'public' && access.token === undefined && codeOf(answer) === 'unauthorized';

  test('every route opens to every role at every park as its access says, and to nobody else', async () => {
    const open: string[] = [];
    let cases = 0;
    for (const route of routes) {
      for (const known of world.callers) {
        for (const place of placesOf(route)) {
          const caller = SESSION_ENDING.includes(route.operationId) ? await world.renewed(known) : known;
          const verdict = verdictOf(route, caller, place);
          const answer = await ask(route, caller, place);
          cases += 1;
          if (!holds(verdict, answer) && !isAboutContent(route, answer)) {
            open.push(`${route.operationId} ${caller.name} ${place}: ${verdict} → ${answer.status} ${codeOf(answer)}`);
          }
        }
      }
    }
    process.stdout.write(`route × role × park: ${cases} cases of ${routes.length} routes, ${open.length} open\n`);
    expect(open).toEqual([]);
  }, 300_000);

  describe('the documented example of every route', () => {
    /** What is wrong with an answer by the document. */
    function faultOf(route: Route, { status, json, type }: Answer): string | null {
      const spec = route.responses[status];
      if (spec !== undefined) {
        if (!('schema' in spec) || json === null) return null;
        const faults = compileValidator(plainSchema(spec.schema))(json);
        return faults === null ? null : `does not match its schema: ${JSON.stringify(faults)}`;
      }
      const code = codeOf({ status, json, type });
      if (!type.startsWith('application/problem+json') || !isErrorCode(code)) return `${status} is not documented`;
      if (errorEntry(code).status !== status) return `${code} came as ${status}`;
      return problemsOf(route).includes(code) ? null : `${status} ${code} is not documented`;
    }

    test('is accepted as it stands, and answered as the document says', async () => {
      const faults: string[] = [];
      for (const route of routes) {
        const [, guest, , , , admin] = world.callers;
        const caller = route.access.kind === 'roles' ? admin : guest;
        if (caller === undefined) continue;
        const answer = await ask(route, await world.renewed(caller), 'own');
        const fault = faultOf(route, answer);
        if (fault !== null) faults.push(`${route.operationId}: ${fault}`);
        const isRefused = codeOf(answer) === 'validation_failed' || codeOf(answer) === 'malformed_body';
        if (isRefused && !REFUSED_EXAMPLES.includes(route.operationId)) {
          faults.push(`${route.operationId}: the example is refused: ${JSON.stringify(answer.json?.['errors'])}`);
        }
      }
      expect(faults).toEqual([]);
    }, 300_000);
  });
});
