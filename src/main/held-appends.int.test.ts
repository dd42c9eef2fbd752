import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  temporaryDataDir,
  type TestApi,
} from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { newId } from '../infrastructure/event-store/appends.suite.ts';
import type { Decider, DomainEvent } from '../kernel/decider.ts';
import { ok, refuse } from '../kernel/result.ts';

const CLOCK = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const META = { actor: 'system', correlationId: 'test' };

/** Something that can be done once. */
const once: Decider<null, boolean, DomainEvent, { readonly code: 'done' }> = {
  aggregateType: 'Once',
  initial: false,
  decide: (_command, isDone) =>
    isDone ? refuse({ code: 'done' }) : ok([{ type: 'RecoveryCodesRenewed', data: { userId: newId() } }]),
  evolve: () => true,
  transfersOf: () => [],
};

describeWithDatabase('an append that is held back', () => {
  const { later, run } = createCleanUp();
  let api: TestApi;
  beforeAll(async () => {
    const { url, drop } = await createTestDatabase();
    later(drop);
    const folder = await temporaryDataDir(later);
    api = await startTestApi(await localSettings(folder, { DATABASE_URL: url, LOG_LEVEL: 'silent' }), CLOCK, later);
  }, 60_000);
  afterAll(run);

  test('holds no command of the work up for which it waits: what that writes counts first', async () => {
    const { appendGate, modules } = api.app;
    const id = newId();
    const doIt = () => modules.runner.run(once, id, null, META);
    let begin = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (begin = resolve));
    const work = appendGate.alone(async () => {
      await isHeld;
      return [await doIt(), await doIt()];
    });
    const held = doIt();
    // It reads the stream, and is decided, before the work looks there.
    for (let time = 0; time < 100; time += 1) await Promise.all([turn(), modules.runner.stateOf(once, newId())]);
    begin();
    expect(await work).toMatchObject([{ ok: true }, { ok: false, refusal: { code: 'done' } }]);
    expect(await held).toMatchObject({ ok: false, refusal: { code: 'done' } });
  });
});
