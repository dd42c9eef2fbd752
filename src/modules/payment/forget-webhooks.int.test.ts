import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { MS_A_DAY } from '../../kernel/time.ts';
import { createForgetWebhooks, KEPT_DAYS } from './application/forget-webhooks.ts';
import { paymentManifest } from './module.ts';
import { createWebhookInbox } from './persistence/webhook-inbox.ts';

const clock = createManualClock(Date.now());
const LEFT = statement('test.left', 'select event_id as id from payment.webhook_inbox order by event_id');

describeWithDatabase('messages of providers', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  beforeAll(async () => {
    opened = await openModuleDatabase(paymentManifest, clock);
    node = await opened.startNode();
  });
  afterAll(() => opened.close());

  const left = async () => (await node.database.rows<{ id: string }>(LEFT)).map(({ id }) => id);

  test('are kept until they were applied half a year ago, and for ever while they are not', async () => {
    const inbox = createWebhookInbox(node.database);
    const forget = createForgetWebhooks({ inbox, clock });
    const kept = async (eventId: string) => {
      const notice = { providerKey: eventId, outcome: { kind: 'unsettled' } } as const;
      const message = { provider: 'elqr', eventId, rawBody: Buffer.from('{}'), receivedAtMs: clock.now(), notice };
      await inbox.keep(message);
      return message;
    };
    for (const id of ['a', 'b', 'c', 'd', 'e']) await inbox.markApplied(await kept(id), 'applied');
    await kept('waiting');
    // The database's own clock may be a little behind.
    clock.advance(KEPT_DAYS * MS_A_DAY - 60_000);
    await forget(2);
    expect(await left()).toHaveLength(6);
    clock.advance(120_000);
    await forget(2, AbortSignal.abort());
    expect(await left()).toHaveLength(6);
    // Several workers may do it at once.
    await Promise.all([forget(2), forget(2)]);
    expect(await left()).toEqual(['waiting']);
    expect(await inbox.unapplied(clock.now(), 10)).toMatchObject([{ eventId: 'waiting' }]);
  });
});
