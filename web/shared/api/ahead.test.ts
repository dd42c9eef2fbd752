import { expect, test } from 'vitest';
import { createAhead } from './ahead.ts';

test('an answer that was asked for ahead is given once, and each later question is asked anew', async () => {
  const asked: string[] = [];
  const days = createAhead(async (id) => {
    asked.push(id);
    return { ok: true, value: `${id} ${asked.length}` } as const;
  });
  days.early('dordoi');
  expect(await days.ask('dordoi')).toEqual({ ok: true, value: 'dordoi 1' });
  expect(await days.ask('dordoi')).toEqual({ ok: true, value: 'dordoi 2' });
  expect(await days.ask('osh')).toEqual({ ok: true, value: 'osh 3' });
  expect(asked).toEqual(['dordoi', 'dordoi', 'osh']);
});
