import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryFileStore } from '../../infrastructure/files/memory-file-store.ts';
import { routeFaults } from '../../infrastructure/http/route-faults.ts';
import { createImageCleaner } from '../../infrastructure/images/clean-image.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { NEW_PARK, type ParkProfile } from './domain/park-profile.ts';
import { createParkModule, parkManifest, type ParkModule } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const meta = { actor: 'system', correlationId: 'test' };

const profileOf = (parkId: string, change: Partial<ParkProfile> = {}): ParkProfile => ({
  ...NEW_PARK,
  parkId,
  names: { ru: 'Парк', ky: 'Парк', en: 'Aidana\'s "Park" 🎈' },
  addresses: { ru: 'Бишкек', ky: 'Бишкек', en: 'Bishkek' },
  capacity: 300,
  priceUnder3Tyiyn: 15_000n,
  priceOver3Tyiyn: 35_050n,
  priceAdultTyiyn: 1n,
  groupPercent: 10,
  openTime: '00:05',
  closeTime: '23:59',
  timeZone: 'Asia/Bishkek',
  latitudeE7: -428_212_001,
  longitudeE7: 1_745_973_009,
  amenities: ['cafe', 'parking'],
  images: ['https://images.example/1.jpg'],
  ...change,
});

describeWithDatabase('parks', () => {
  let opened: ModuleDatabase;
  let parks: ParkModule;
  let others: ParkModule;
  beforeAll(async () => {
    opened = await openModuleDatabase(parkManifest, clock);
    const start = async () => {
      const node: TestNode = await opened.startNode();
      const onError = () => undefined;
      const placesOfDays = async (_parkId: string, dates: readonly string[]) => dates.map(() => null);
      const followQuota = async () => undefined;
      const occupancy = async (parkIds: readonly string[]) => parkIds.map(() => 0);
      return createParkModule({
        gateLag: async () => null,
        ...node,
        files: createMemoryFileStore(),
        cleanImage: createImageCleaner(clock),
        ids,
        clock,
        zone: createZone(),
        occupancy,
        placesOfDays,
        followQuota,
        onError,
      });
    };
    [parks, others] = [await start(), await start()];
  });
  afterAll(() => opened.close());

  test('the routes are declared by the rules of the API', () => {
    expect(routeFaults(parks.routes)).toEqual([]);
  });

  test('a park is shown as it was opened', async () => {
    const profile = profileOf('ala-archa');
    expect(await parks.openPark(profile, meta)).toEqual({ ok: true, value: null });
    const { latitudeE7: _lat, longitudeE7: _lng, ...rest } = profile;
    expect(await parks.catalogue.find('ala-archa')).toEqual({
      ...rest,
      latitude: -42.8212001,
      longitude: 174.5973009,
      version: 1,
    });
    expect(await parks.catalogue.find('nowhere')).toBeNull();
  });

  test('one park is opened once, by however many processes at once', async () => {
    const profile = profileOf('asanbay');
    const answers = await Promise.all([parks.openPark(profile, meta), others.openPark(profile, meta)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual({ ok: false, refusal: { code: 'park_exists' } });
    expect((await parks.catalogue.all()).map(({ parkId }) => parkId)).toEqual(['ala-archa', 'asanbay']);
  });

  test.each(['Asia/Bishkeck', '', '+25:00'])('a park in the time zone "%s" is refused', async (timeZone) => {
    expect(await parks.openPark(profileOf('zone', { timeZone }), meta)).toMatchObject({
      refusal: { code: 'bad_park', field: 'timeZone' },
    });
  });

  test('the largest figures that are taken can be stored', async () => {
    const price = 99_999_999n;
    const largest = profileOf('l'.repeat(50), {
      capacity: 100_000,
      priceUnder3Tyiyn: price,
      priceOver3Tyiyn: price,
      priceAdultTyiyn: price,
      groupPercent: 100,
      latitudeE7: 900_000_000,
      longitudeE7: -1_800_000_000,
    });
    expect(await parks.openPark(largest, meta)).toMatchObject({ ok: true });
    expect(await parks.findDay('l'.repeat(50), '2026-12-05')).toMatchObject({
      dayQuota: 100_000,
      priceOver3Tyiyn: price,
    });
  });

  test('the read model does not change when the log is told twice, and a rebuild gives the same rows', async () => {
    const before = await opened.rows();
    expect(before['park.parks']).toHaveLength(3);
    await opened.replay(1, 100);
    expect(await opened.rows()).toEqual(before);
    for (const batch of [1, 7, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(before);
    }
  });
});
