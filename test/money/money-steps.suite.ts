import { expect } from 'vitest';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import type { OnlineMethod } from '../../src/modules/payment/domain/payment-messages.ts';
import type { MoneyWorld } from './money-world.suite.ts';

/** The day of sales at the desk. */
export const TODAY = '2026-12-05';
export const HOLD_AND_GRACE_MS = 27 * 60_000;
export const meta = { actor: 'user:test', correlationId: 'test' };

export type Scenario = {
  readonly title: string;
  /** Places of each day; one party is one place. */
  readonly quota?: number;
  /** ELQR cannot be asked and does not sign. */
  readonly isUnasked?: boolean;
  play(world: MoneyWorld): Promise<{ readonly ticketIds: readonly string[]; readonly becomes: string }>;
};

export type Begun = { readonly paymentId: string; readonly providerKey: string };

export async function buy({ tell }: MoneyWorld, userId = ids.next(), commandId = ids.next()): Promise<string> {
  const sold = await tell(({ office }) => office.buy(1, { userId, commandId }));
  if (!sold.ok) throw new Error(sold.refusal.code);
  return sold.value.ticketId;
}

/** Somebody begins to pay and repeats it under one key until it is known what to do; each repeat is the same payment. */
export async function begin(
  { tell, ground }: MoneyWorld,
  userId: string,
  ticketId: string,
  method: OnlineMethod,
): Promise<Begun> {
  const commandId = ids.next();
  const asked = { ticketId, userId, method, returnUrl: undefined };
  const start = async () => {
    const started = await tell(({ startPayment }) => startPayment(asked, { ...meta, commandId }));
    if (!started.ok) throw new Error(started.refusal.code);
    return started.value;
  };
  let view = await start();
  while (view.action === null) view = await start();
  expect(await start(), 'told again it is the same answer').toEqual(view);
  const open = await ground.payments.unsettled(null, 1000, []);
  const mine = open.find(({ paymentId }) => paymentId === view.paymentId);
  return { paymentId: view.paymentId, providerKey: mine?.providerKey ?? '' };
}

/** The provider goes on telling until it is heard. */
export async function deliver(
  { tell, books }: MoneyWorld,
  method: OnlineMethod,
  message = books[method].messages.at(-1),
) {
  if (message === undefined) throw new Error('there is no message');
  expect((await tell(({ receive }) => receive(books[method].provider, message))).ok).toBe(true);
}

export async function bought(world: MoneyWorld, method: OnlineMethod) {
  const userId = ids.next();
  const ticketId = await buy(world, userId);
  return { userId, ticketId, ...(await begin(world, userId, ticketId, method)) };
}

export async function paid(world: MoneyWorld, method: OnlineMethod) {
  const made = await bought(world, method);
  world.books[method].charge(made.providerKey);
  await world.quiet();
  return made;
}

/** The other buyer of a day with one place. */
export async function takeTheLastPlace(world: MoneyWorld): Promise<string> {
  const other = await bought(world, 'elcard');
  world.books.elcard.charge(other.providerKey);
  return other.ticketId;
}
