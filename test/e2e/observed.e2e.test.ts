import { expect, onTestFinished, test, vi } from 'vitest';
import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import { startProduct } from '../../src/main/product.ts';
import { visitPark } from '../../tools/demo/family.ts';
import { noJournal } from '../../tools/demo/journal.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { Session } from '../../tools/demo/session.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, startProgram, temporaryDataDir } from '../support/product.ts';
import { patience } from './guests.ts';

/** What no line may hold, by the names of fields in requests and answers. */
const SECRET_FIELDS = [
  'phone',
  'password',
  'name',
  'email',
  'code',
  'access_token',
  'refresh_token',
  'admission_code',
  'qr_code',
];

type Seen = { readonly secrets: Set<string>; readonly requestIds: Map<string, string[]> };

function collect(value: unknown, secrets: Set<string>, field = ''): void {
  if (typeof value === 'string' && SECRET_FIELDS.includes(field) && value.length > 5) secrets.add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) collect(item, secrets, Array.isArray(value) ? field : name);
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Watches all calls of this process: what in them is secret, and under which request ids each was answered. */
function watchCalls(): Seen {
  const seen: Seen = { secrets: new Set(), requestIds: new Map() };
  const original = globalThis.fetch;
  const watch = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    collect(parsed(await request.clone().text()), seen.secrets);
    const token = request.headers.get('authorization')?.split(' ')[1];
    if (token !== undefined) seen.secrets.add(token);
    const answer = await original(request);
    collect(parsed(await answer.clone().text()), seen.secrets);
    const requestId = answer.headers.get('x-request-id');
    const route = `${request.method} ${new URL(request.url).pathname}`;
    if (requestId !== null) seen.requestIds.set(route, [...(seen.requestIds.get(route) ?? []), requestId]);
    return answer;
  });
  onTestFinished(() => watch.mockRestore());
  return seen;
}

type Line = Readonly<Record<string, unknown>>;

describeWithDatabase('a product that is looked at', () => {
  test('logs no phone, name, token, code or password, follows a request into the flows, and counts what happened', async () => {
    const template = await createTestDatabase();
    onTestFinished(() => template.drop());
    const config = configOf(await localSettings(await temporaryDataDir(), { DATABASE_URL: template.url }));
    const lines: string[] = [];
    const log = createLogger({ level: 'trace' }, { write: (line) => void lines.push(line) });
    const product = await startProduct(config, log);
    onTestFinished(() => product.stop());
    const { secrets, requestIds } = watchCalls();

    const gate = new Session(config.publicUrl, product.accounts?.gate ?? { phone: '', password: '' }, patience);
    await gate.signIn();
    await visitPark({ baseUrl: config.publicUrl, gate, journal: noJournal, patience, tell: () => undefined });

    expect(secrets.size).toBeGreaterThan(10);
    // In a demonstration the log is the telephone: these lines exist in no real installation.
    const logged = lines.filter((line) => !line.includes('"msg":"demo mode: '));
    for (const secret of secrets) for (const line of logged) expect(line).not.toContain(secret);

    const entries = logged.map((line) => JSON.parse(line) as Line);
    const [admitted] = requestIds.get('POST /api/v1/gate/scans') ?? [];
    expect(entries).toContainEqual(
      expect.objectContaining({ msg: 'request', route: 'POST /api/v1/gate/scans', request_id: admitted }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        msg: 'an event was handled',
        subscription: 'flow.earn-points',
        event_type: 'PeopleAdmitted',
        correlation_id: admitted,
      }),
    );

    const scraped = await (await fetch(`${config.publicUrl}/metrics`)).text();
    for (const line of [
      'skypark_tickets_total{outcome="activated"} 1',
      'skypark_payments_begun_total{method="elqr"} 1',
      'skypark_payments_total{outcome="succeeded"} 1',
      'skypark_scans_total{outcome="admitted"} 1',
      'skypark_scans_total{outcome="already_used"} 1',
      'skypark_holds{state="open"} 0',
      'skypark_queue_waiting{queue="webhooks_in"} 0',
      'skypark_breaker_open{dependency="elqr"} 0',
      'skypark_job_failures_total{task="expire holds"} 0',
    ]) {
      expect(scraped.split('\n')).toContain(line);
    }
    expect(scraped).toMatch(/^skypark_people_inside\{park="[a-z-]+"\} 2$/m);
    expect(scraped).toMatch(/^skypark_append_duration_seconds_count\{outcome="stored"\} \d+$/m);
    expect(scraped).toMatch(/^process_cpu_seconds_total /m);
  });

  test('as a worker has probes and metrics of its own, and no documents', async () => {
    const template = await createTestDatabase();
    onTestFinished(() => template.drop());
    const opsPort = String(await freePort());
    const more = { DATABASE_URL: template.url, SKYPARK_OPS_PORT: opsPort, METRICS_TOKEN: 'scraper-token' };
    const { url } = await startProgram('worker', await localSettings(await temporaryDataDir(), more));
    const statusOf = async (path: string, headers = {}): Promise<number> =>
      (await fetch(`${url}${path}`, { headers })).status;
    for (const path of ['/health/live', '/health/ready', '/health/started']) expect(await statusOf(path)).toBe(200);
    expect(await statusOf('/metrics')).toBe(401);
    const scraped = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer scraper-token' } });
    expect(await scraped.text()).toContain('skypark_job_duration_seconds');
    for (const path of ['/openapi.json', '/docs', '/api/v1/parks']) expect(await statusOf(path)).toBe(404);
  });
});
