import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';

const ready = async ({ app }: Fixture) => {
  const response = await app.inject({ url: '/health/ready' });
  return { status: response.statusCode, body: JSON.parse(response.body) };
};

describe('readiness', () => {
  test('names each dependency, and fails only for a required one', async () => {
    const broken = { postgres: false };
    const fixture = await startFixture({
      healthChecks: [
        {
          name: 'postgres',
          required: true,
          check: () => (broken.postgres ? Promise.reject(new Error('secret reason')) : Promise.resolve()),
        },
        { name: 'sms', required: false, check: () => Promise.reject(new Error('down')) },
      ],
    });
    expect(await ready(fixture)).toMatchObject({
      status: 200,
      body: {
        status: 'ready',
        checks: [
          { name: 'postgres', required: true, status: 'up' },
          { name: 'sms', required: false, status: 'down' },
        ],
      },
    });
    broken.postgres = true;
    fixture.clock.nowMs += 1_000;
    const failed = await ready(fixture);
    expect(failed).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect(JSON.stringify(failed)).not.toContain('secret reason');
    expect((await fixture.app.inject({ url: '/health/live' })).statusCode).toBe(200);
    await fixture.app.close();
  });

  test('has a start behind it once every required dependency was up, whatever breaks later', async () => {
    const state = { isUp: false };
    const check = () => (state.isUp ? Promise.resolve() : Promise.reject(new Error('away')));
    const fixture = await startFixture({ healthChecks: [{ name: 'postgres', required: true, check }] });
    const started = async () => {
      fixture.clock.nowMs += 1_000;
      const { statusCode, body } = await fixture.app.inject({ url: '/health/started' });
      return { status: statusCode, body: JSON.parse(body) };
    };
    expect(await started()).toMatchObject({
      status: 503,
      body: { status: 'starting', checks: [{ name: 'postgres', required: true, status: 'down' }] },
    });
    state.isUp = true;
    expect(await started()).toEqual({ status: 200, body: { status: 'started', checks: [] } });
    state.isUp = false;
    expect(await started()).toMatchObject({ status: 200 });
    await fixture.app.close();
  });

  test('many probes within a second share one round of checks', async () => {
    let checks = 0;
    const fixture = await startFixture({
      healthChecks: [{ name: 'postgres', required: true, check: async () => (checks += 1) }],
    });
    await Promise.all(Array.from({ length: 50 }, () => ready(fixture)));
    expect(checks).toBe(1);
    fixture.clock.nowMs += 1_000;
    await ready(fixture);
    expect(checks).toBe(2);
    await fixture.app.close();
  });

  test('a check that hangs counts as down after two seconds', async () => {
    const fixture = await startFixture({
      healthChecks: [{ name: 'postgres', required: true, check: () => new Promise(() => undefined) }],
    });
    expect(await ready(fixture)).toMatchObject({ status: 503, body: { checks: [{ status: 'down' }] } });
    await fixture.app.close();
  });
});

/** One GET over a real connection; the status and the `Connection` header of the answer. */
function fetchOnce(
  port: number,
  path: string,
  agent: Agent,
): Promise<{ readonly status: number; readonly connection: string }> {
  return new Promise((resolve, reject) => {
    const request = get(
      { host: '127.0.0.1', port, path, agent, headers: { authorization: 'Bearer aida' } },
      (response) => {
        response
          .resume()
          .on('end', () =>
            resolve({ status: response.statusCode ?? 0, connection: response.headers.connection ?? '' }),
          );
      },
    );
    request.on('error', reject);
  });
}

async function listen(fixture: Fixture): Promise<number> {
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  const address = fixture.app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('an orderly end', () => {
  test('does not wait for connections over which nobody asks anything', async () => {
    const fixture = await startFixture({});
    const silent = connect(await listen(fixture), '127.0.0.1');
    const gone = once(silent, 'close');
    await once(silent, 'connect');
    const startedAtMs = performance.now();
    await fixture.drain();
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
    await gone;
  });

  test('readiness turns first, requests are served until the end, idle connections do not delay it', async () => {
    const fixture = await startFixture({ httpConfig: { drainDelayMs: 300 } });
    const port = await listen(fixture);
    const agent = new Agent({ keepAlive: true });
    expect((await fetchOnce(port, '/health/ready', agent)).status).toBe(200);
    const started = performance.now();
    const drained = fixture.drain();
    expect(fixture.drain()).toBe(drained);
    expect(await fetchOnce(port, '/health/ready', agent)).toEqual({ status: 503, connection: 'close' });
    expect(await fetchOnce(port, '/api/v1/things', agent)).toEqual({ status: 200, connection: 'close' });
    await drained;
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect(fetchOnce(port, '/api/v1/things', new Agent())).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  test('a running request is waited for; one that never ends is cut at the limit', async () => {
    for (const ends of [true, false]) {
      const fixture = await startFixture({ httpConfig: { drainDelayMs: 0, drainLimitMs: 600 } });
      const port = await listen(fixture);
      let release = (): void => undefined;
      fixture.behaviour.next = 'hang';
      fixture.behaviour.wait = new Promise((resolve) => (release = resolve));
      const running = fetch(`http://127.0.0.1:${port}/api/v1/things`, {
        method: 'POST',
        headers: { authorization: 'Bearer aida', 'content-type': 'application/json' },
        body: JSON.stringify({ children: [{ name: 'A', birth_date: '2020-01-01' }] }),
      }).then(
        (response) => response.status,
        () => 'cut',
      );
      while (fixture.behaviour.calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const drained = fixture.drain();
      if (ends) setTimeout(release, 200);
      expect(await running).toBe(ends ? 201 : 'cut');
      await drained;
      release();
    }
  });
});

describe('what the configuration switches', () => {
  test('/metrics wants its token when one is set', async () => {
    const { app } = await startFixture({ httpConfig: { metricsToken: 'm-token' } });
    const status = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/metrics', headers })).statusCode;
    expect([
      await status({}),
      await status({ authorization: 'Bearer other' }),
      await status({ authorization: 'Bearer m-token' }),
    ]).toEqual([401, 401, 200]);
    await app.close();
  });

  test('other sites are let in only when configured, and only those', async () => {
    const { app } = await startFixture({ httpConfig: { corsOrigins: ['https://app.example'] } });
    const allowed = async (origin: string) =>
      (await app.inject({ url: '/api/v1/things', headers: { origin } })).headers['access-control-allow-origin'];
    expect([await allowed('https://app.example'), await allowed('https://evil.example')]).toEqual([
      'https://app.example',
      undefined,
    ]);
    await app.close();
  });

  test('HSTS is sent behind https only', async () => {
    const { app } = await startFixture({ httpConfig: { publicUrl: 'https://skypark.example' } });
    expect((await app.inject({ url: '/health/live' })).headers['strict-transport-security']).toContain(
      'max-age=63072000',
    );
    await app.close();
  });
});
