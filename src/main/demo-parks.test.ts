import { expect, test } from 'vitest';
import { NEW_PARK } from '../modules/park/domain/park-profile.ts';
import { park } from '../modules/park/domain/park.ts';
import { DEMO_PARKS } from './demo-parks.ts';

test.each(DEMO_PARKS.map((draft) => [draft.parkId, draft] as const))('%s can be opened', (_parkId, draft) => {
  const opened = park.decide({ kind: 'open', profile: { ...NEW_PARK, ...draft } }, park.initial);
  expect(opened).toMatchObject({ ok: true });
});

test('one park is open all day on every day, for demos at any hour', () => {
  const dordoi = DEMO_PARKS.find(({ parkId }) => parkId === 'dordoi');
  expect(dordoi).toMatchObject({ openTime: '00:00', closeTime: '23:59' });
  expect(dordoi?.weekdayRules).toBeUndefined();
});
