import { expect } from 'vitest';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createPayments } from './persistence/payments.ts';
import { createWebhookInbox } from './persistence/webhook-inbox.ts';
import type { Reply, Till } from './till.suite.ts';

export const HOLD_MS = 25 * 60_000;

export type Begun = {
  readonly userId: string;
  readonly ticketId: string;
  readonly paymentId: string;
  readonly reply: Reply;
};

/** What applies webhooks to the till's database needs, but for what it does with them. */
export const inboxOf = ({ node: { database, runner }, clock }: Till) => ({
  runner,
  inbox: createWebhookInbox(database),
  payments: createPayments(database),
  clock,
  onError: () => undefined,
});

/** Begins payments at a till, pays them, and tells what became of them. */
export function createPayers(till: () => Till) {
  async function begin(): Promise<Begun> {
    const userId = ids.next();
    const ticketId = till().sell(userId);
    const reply = await till().pay(userId, ticketId);
    expect(reply.status).toBe(201);
    return { userId, ticketId, paymentId: String(reply.body['id']), reply };
  }

  const statusOf = async ({ userId, paymentId }: Begun) => (await till().show(userId, paymentId)).body['status'];
  const becomes = (begun: Begun, status: string) =>
    till().until(async () => {
      expect(await statusOf(begun)).toBe(status);
    });
  const factsOf = async ({ paymentId }: Begun, type: string) =>
    (await till().events(type)).filter(({ data }) => 'paymentId' in data && data.paymentId === paymentId);

  /** Of a payment that nobody was told the id of. */
  async function lastIntent(): Promise<{ readonly paymentId: string; readonly providerKey: string }> {
    const intended = (await till().events('PaymentIntended')).at(-1);
    if (intended === undefined) throw new Error('nothing was intended');
    return intended.data as { paymentId: string; providerKey: string };
  }

  /** Pays while nobody takes the provider's message; answers the message. */
  async function payUnheard(begun: Begun, act: 'pay' | 'decline' = 'pay') {
    till().isListening = false;
    const before = till().webhooks.length;
    await till().atProvider(begun.reply, act);
    // The provider goes on repeating what earlier tests left unheard.
    const find = () =>
      till()
        .webhooks.slice(before)
        .find(({ rawBody }) => rawBody.includes(String(begun.reply.body['external_id'])));
    await till().until(async () => {
      expect(find()).toBeDefined();
    });
    const webhook = find();
    if (webhook === undefined) throw new Error('no webhook');
    return webhook;
  }

  return { begin, statusOf, becomes, factsOf, lastIntent, payUnheard };
}
