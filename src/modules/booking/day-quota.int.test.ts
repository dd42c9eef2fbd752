import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import type { ParkDays } from './application/ports.ts';
import { bookingManifest } from './module.ts';
import { bookingEvents } from './persistence/events.ts';
import { createExpiredHolds, createPlacesOfDays } from './persistence/holds.ts';
import {
  createSalesClock,
  HOLD_MS,
  NOON_MS,
  openSalesOffice,
  parkDaysOf,
  VISIT_DATE,
  type SalesGround,
} from './sales.suite.ts';

/** A park whose manager changes the day's quota while it is sold. */
class Manager {
  quota: number;
  readonly parkDays: ParkDays = (parkId, date) => parkDaysOf(this.quota)(parkId, date);

  constructor(quota: number) {
    this.quota = quota;
  }
}

describeWithDatabase('the quota of a day that is on sale', () => {
  const clock = createSalesClock();
  let opened: ModuleDatabase;
  let grounds: readonly [SalesGround, SalesGround];
  let placesOf: (parkId: string) => Promise<unknown>;
  let parks = 0;

  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
    const open = async (): Promise<SalesGround> => {
      const { store, database } = await opened.startNode();
      const places = createPlacesOfDays({
        database,
        store,
        clock,
        nodeId: 'test',
        role: 'hq',
        isFenced: async () => false,
      });
      placesOf = async (parkId) => (await places(parkId, [VISIT_DATE]))[0];
      return {
        store,
        codec: createEventCodec(bookingEvents, vault),
        expiredHolds: createExpiredHolds(database, 'test'),
      };
    };
    grounds = [await open(), await open()];
  });
  afterAll(() => opened.close());

  function openPark(quota: number) {
    clock.set(NOON_MS);
    const manager = new Manager(quota);
    const parkId = `quota-${(parks += 1)}`;
    const [here, there] = [
      openSalesOffice(grounds[0], clock, parkId, manager.parkDays),
      openSalesOffice(grounds[1], clock, parkId, manager.parkDays),
    ];
    const set = async (to: number, by = here): Promise<void> => {
      manager.quota = to;
      await by.followQuota();
    };
    return { here, there, set, parkId };
  }

  const buyEach = (count: number, buy: (index: number) => Promise<{ readonly ok: boolean }>) =>
    Promise.all(Array.from({ length: count }, (_, index) => buy(index)));

  test('raised: the new places are free', async () => {
    const { here, set } = openPark(2);
    await buyEach(2, () => here.buy());
    expect(await here.buy()).toMatchObject({ refusal: { code: 'park_at_capacity' } });
    await set(3);
    expect(await here.buy()).toMatchObject({ ok: true });
    expect(await here.places()).toEqual([0, 3, 0]);
  });

  test('lowered: takes what is free first', async () => {
    const { here, set, parkId } = openPark(10);
    await buyEach(4, () => here.buy());
    await set(6);
    expect(await here.places()).toEqual([2, 4, 0]);
    expect(await placesOf(parkId)).toEqual({ free: 2, deficit: 0 });
  });

  test('lowered under what is taken: no ticket ends, the rest is a deficit, and nobody buys before it is made up for', async () => {
    const { here, there, set, parkId } = openPark(4);
    await buyEach(3, () => here.buy());
    await set(1);
    expect(await placesOf(parkId)).toEqual({ free: 0, deficit: 2 });
    expect(await there.buy()).toMatchObject({ refusal: { code: 'park_at_capacity', remaining: 0 } });
    await set(2);
    expect(await placesOf(parkId)).toEqual({ free: 0, deficit: 1 });
    expect(await there.buy()).toMatchObject({ refusal: { code: 'park_at_capacity' } });
  });

  test('places that come back pay the deficit first', async () => {
    const { here, there, set, parkId } = openPark(3);
    await buyEach(3, () => here.buy());
    await set(1);
    clock.advance(HOLD_MS);
    expect(await placesOf(parkId)).toEqual({ free: 1, deficit: 0 });
    const bought = await buyEach(5, (index) => (index % 2 === 0 ? here : there).buy());
    expect(bought.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await here.places()).toEqual([0, 1, 0]);
  });

  test("changed between a guest's look and the first sale of the day: the day is opened and has the newest quota", async () => {
    const manager = new Manager(5);
    clock.set(NOON_MS);
    const parkId = `quota-${(parks += 1)}`;
    let looks = 0;
    const office = openSalesOffice(grounds[0], clock, parkId, async (...asked) => {
      const offer = await manager.parkDays(...asked);
      // The manager changes it right after the guest looked, when the day is not open yet.
      if ((looks += 1) === 1) manager.quota = 1;
      return offer;
    });
    expect(await office.buy(2)).toMatchObject({ refusal: { code: 'park_at_capacity', remaining: 1 } });
    expect(await office.places()).toEqual([1, 0, 0]);
  });

  test('raised and lowered over two processes while 200 guests buy, pay and let holds expire: free + held + sold = quota + deficit, and nothing is sold beyond it', async () => {
    const { here, there, set } = openPark(60);
    const offices = [here, there] as const;
    const officeOf = (index: number) => offices[index % 2] ?? here;
    await here.buy();
    const held: string[] = [];
    const buy = async (index: number) => {
      const bought = await officeOf(index).buy(1 + (index % 3));
      if (bought.ok) held.push(bought.value.ticketId);
      if (bought.ok && index % 3 === 0) await officeOf(index + 1).pay(bought.value.ticketId);
      return bought;
    };
    const quotas = [40, 70, 10, 55, 5, 80, 30, 20];
    for (const [round, quota] of quotas.entries()) {
      await Promise.all([
        buyEach(25, buy),
        set(quota, officeOf(round)),
        ...(round % 3 === 2 ? [Promise.resolve(clock.advance(HOLD_MS))] : []),
      ]);
      await officeOf(round + 1).followQuota();
      const [free = 0, taken = 0, sold = 0] = await here.places();
      expect(free + taken + sold).toBe(quota);
      expect(Math.min(taken, sold)).toBeGreaterThanOrEqual(0);
      await buyEach(6, (index) => officeOf(index).buy());
      const [, takenAfter = 0, soldAfter = 0] = await here.places();
      expect(takenAfter + soldAfter).toBeLessThanOrEqual(Math.max(quota, taken + sold));
    }
    expect(held.length).toBeGreaterThan(20);
  });
});
