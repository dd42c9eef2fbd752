import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../src/infrastructure/clock.ts';
import { startWorker } from '../../src/main/worker-jobs.ts';
import { bodyOf, eventually } from '../../tools/demo/answered.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { withClient } from '../support/database-admin.ts';
import { localSettings, startTestApi, startTestSandbox, temporaryDataDir, type TestApi } from '../support/product.ts';
import { newGuest, openSmallPark, order, outcomeOf, tally, ticketOf, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const MINUTE_MS = 60_000;
/** The sandbox tells nobody: what became of a payment is learned late, by asking. */
const NOBODY = 'http://127.0.0.1:9';
const PARK = 'small';
const date = '2026-12-07';

type Stage = { readonly clock: ManualClock; readonly api: TestApi; readonly databaseUrl: string };

/** The API by a clock that the test moves, with a provider, and without a worker: nothing happens unless somebody asks. */
async function startStage(): Promise<Stage> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const dataDir = await temporaryDataDir();
  const clock = createManualClock(Date.parse('2026-12-04T06:00:00Z'));
  const settings = await localSettings(dataDir, {
    DATABASE_URL: database.url,
    PUBLIC_URL: NOBODY,
    SKYPARK_MODE: 'demo',
  });
  const api = await startTestApi(settings, clock);
  await startTestSandbox(api);
  return { clock, api, databaseUrl: database.url };
}

async function bought(guest: Guest): Promise<string> {
  return bodyOf('ticket', 201, await order(guest, { parkId: PARK, date })).id;
}

/** Pays a ticket at the provider, which does not tell us. */
async function payUnheard({ session }: Guest, ticketId: string): Promise<string> {
  const started = await session.client.POST('/api/v1/payments', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: { ticket_id: ticketId, method: 'elqr' },
  });
  const payment = bodyOf('payment', 201, started);
  const { status } = await fetch(`${payment.action?.url ?? ''}/pay`, { method: 'POST' });
  expect(status).toBe(204);
  return payment.id;
}

/** Lets the worker ask the provider and draw the consequences. */
async function hearOfPayments({ api }: Stage, isDone: () => Promise<boolean>): Promise<void> {
  const worker = startWorker(api.app);
  try {
    await eventually('the outcome of a payment', 20_000, async () => ((await isDone()) ? true : null));
  } finally {
    await worker.stop();
  }
}

type Refund = {
  readonly payment_id: string;
  readonly amount: string;
  readonly status: string;
  readonly reason: string;
};

const refundsIn = (url: string): Promise<readonly Refund[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<Refund>('select payment_id, amount, status, reason from payment.refunds');
    return rows;
  });

describeWithDatabase('a hold that ended', () => {
  test('a full day sells again when its holds are over, without any timer', async () => {
    const { clock, api, databaseUrl } = await startStage();
    await openSmallPark(api.app, PARK, 4);
    const guest = await newGuest(api.url);
    const buyFive = async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => order(guest, { parkId: PARK, date })));
      return tally(answers.map(outcomeOf));
    };
    const fourAndNoMore = { '201': 4, '409 park_at_capacity': 1 };
    expect(await buyFive()).toEqual(fourAndNoMore);
    clock.advance(15 * MINUTE_MS - 1);
    await guest.session.signIn();
    expect(await buyFive()).toEqual({ '409 park_at_capacity': 5 });
    clock.advance(1);
    expect(await buyFive()).toEqual(fourAndNoMore);
    await expectRulesToHold(databaseUrl);
  });

  test('a payment that is heard of later takes a free place again', async () => {
    const stage = await startStage();
    const { clock, api, databaseUrl } = stage;
    await openSmallPark(api.app, PARK, 2);
    const guest = await newGuest(api.url);
    const ticketId = await bought(guest);
    await payUnheard(guest, ticketId);
    clock.advance(30 * MINUTE_MS);
    await hearOfPayments(stage, async () => (await ticketOf(guest, ticketId)).status === 'active');
    expect(await ticketOf(guest, ticketId)).toMatchObject({ status: 'active', remaining: 1 });
    expect(await refundsIn(databaseUrl)).toEqual([]);
    await expectRulesToHold(databaseUrl);
  });

  test('when the day is full by then the money goes back', async () => {
    const stage = await startStage();
    const { clock, api, databaseUrl } = stage;
    await openSmallPark(api.app, PARK, 1);
    const [late, quick] = [await newGuest(api.url), await newGuest(api.url)];
    const ticketId = await bought(late);
    const paymentId = await payUnheard(late, ticketId);
    clock.advance(30 * MINUTE_MS);
    await quick.session.signIn();
    const taken = await bought(quick);
    await hearOfPayments(stage, async () => (await refundsIn(databaseUrl)).length > 0);
    expect(await refundsIn(databaseUrl)).toMatchObject([
      { payment_id: paymentId, amount: '350.00', reason: 'park_at_capacity' },
    ]);
    expect((await ticketOf(late, ticketId)).status).toBe('expired');
    expect((await ticketOf(quick, taken)).status).toBe('pending_payment');
    await expectRulesToHold(databaseUrl);
  });
});
