import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createMemoryEventStore } from '../../src/infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../src/infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../src/infrastructure/event-store/vault.ts';
import type { EventCodec } from '../../src/kernel/event-codec.ts';
import { createEventCodec } from '../../src/kernel/event-codec.ts';
import type { Clock } from '../../src/kernel/time.ts';
import type { Vault } from '../../src/kernel/vault.ts';
import { memoryExpiredHolds } from '../../src/modules/booking/memory-holds.suite.ts';
import { bookingEvents } from '../../src/modules/booking/persistence/events.ts';
import { createBookProvider } from '../../src/modules/payment/book-provider.suite.ts';
import {
  createMemoryInbox,
  createMemoryPayments,
  createMemoryRefunds,
  createPaymentStates,
} from '../../src/modules/payment/memory-rows.suite.ts';
import { paymentEvents } from '../../src/modules/payment/persistence/events.ts';
import type { CrashPoint } from '../support/crash-plan.ts';
import { BEGIN_MS, playToTheEnd } from './money-scenarios.suite.ts';
import type { Scenario } from './money-steps.suite.ts';
import { openMoneyWorld, type Death, type MoneyGround, type MoneyWorld } from './money-world.suite.ts';

/** Events of all that moves money. */
export const moneyCodec = (vault: Vault): EventCodec => createEventCodec([...bookingEvents, ...paymentEvents], vault);

const keys = createMemorySubjectKeys();
const codec = moneyCodec(createVault({ keys, masterKey: Buffer.alloc(32, 1) }));

/** The twin of the store, with read models folded from it. */
export async function openMemoryGround(clock: Clock): Promise<MoneyGround> {
  const store = createMemoryEventStore({ clock });
  const statesOf = createPaymentStates(store, codec);
  return {
    store,
    codec,
    payments: createMemoryPayments(statesOf),
    refunds: createMemoryRefunds(statesOf),
    inbox: createMemoryInbox(),
    expiredHolds: memoryExpiredHolds(store, codec),
  };
}

const all = { statusQuery: true, cancelUnpaid: false, signedWebhook: true } as const;
const least = { ...all, statusQuery: false, signedWebhook: false } as const;
let parks = 0;

async function open(
  { quota = 100, isUnasked = false }: Scenario,
  death: Death,
  groundAt: GroundAt,
): Promise<MoneyWorld> {
  const clock = createManualClock(BEGIN_MS);
  const ground = await groundAt(clock);
  const books = {
    elqr: createBookProvider('elqr', { ...(isUnasked ? least : all), refund: 'none' }, clock),
    elcard: createBookProvider('elcard', { ...all, refund: 'partial' }, clock),
  };
  const place = { ground, books, clock, parkId: `park-${(parks += 1)}`, quota };
  return openMoneyWorld(place, death, await ground.store.headPosition());
}

export type GroundAt = (clock: Clock) => Promise<MoneyGround>;

/** Plays a scenario with processes that die at the points, and says where when a rule is broken. */
export async function playWith(scenario: Scenario, death: Death, groundAt: GroundAt): Promise<MoneyWorld> {
  const world = await open(scenario, death, groundAt);
  try {
    await playToTheEnd(scenario, world);
  } catch (error) {
    throw new Error(`died at ${JSON.stringify(death.points)}; the last call was ${world.lastCall()}`, { cause: error });
  }
  return world;
}

/** Plays it once for each call that counts, until a process lives to the end; answers how often one died. */
export async function walk(
  scenario: Scenario,
  side: CrashPoint['side'],
  counts: Death['counts'],
  groundAt: GroundAt,
): Promise<number> {
  for (let call = 1; ; call += 1) {
    const { deaths } = await playWith(scenario, { points: [{ call, side }], counts }, groundAt);
    if (deaths() === 0) return call - 1;
  }
}
