import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createReading, showReading } from './readings.ts';

const pace = (clock = createManualClock(0)) => ({ clock, freshMs: 5000, limitMs: 20 });

describe('a reading for the metrics', () => {
  test('is made once for all scrapes of five seconds', async () => {
    const clock = createManualClock(0);
    let asked = 0;
    const reading = createReading(async () => (asked += 1), pace(clock));
    expect(await Promise.all([reading(), reading(), reading()])).toEqual([1, 1, 1]);
    clock.advance(4999);
    expect(await reading()).toBe(1);
    clock.advance(1);
    expect(await reading()).toBe(2);
  });

  test('that fails is no value, and no failure of the scrape', async () => {
    const metrics = new Registry();
    const reading = createReading(() => Promise.reject(new Error('no database')), pace());
    showReading(metrics, { name: 'people', help: 'People', labelNames: ['park'] }, reading);
    expect(await metrics.metrics()).not.toMatch(/^people/m);
  });

  test('that hangs is left out in time, and not asked for again meanwhile', async () => {
    const clock = createManualClock(0);
    let asked = 0;
    const hang = (): Promise<number> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const reading = createReading(hang, pace(clock));
    expect(await reading()).toBeNull();
    clock.advance(60_000);
    expect(await reading()).toBeNull();
    expect(asked).toBe(1);
  });

  test('shows what is, and forgets what was', async () => {
    const metrics = new Registry();
    let parks = ['naryn', 'osh'];
    const values = async () => parks.map((park) => ({ labels: { park }, value: 7 }));
    showReading(metrics, { name: 'people', help: 'People', labelNames: ['park'] }, values);
    expect(await metrics.metrics()).toContain('people{park="osh"} 7');
    parks = ['naryn'];
    expect(await metrics.metrics()).not.toContain('osh');
  });
});
