import { describe, expect, test } from 'vitest';
import { systemIds } from '../infrastructure/ids.ts';
import { step } from './command-runner.ts';
import { ok, refuse } from './result.ts';
import { meta, newStore, runnerOn, slow, turns } from './runner-fixtures.suite.ts';
import { tally, tallyOn } from './tally.suite.ts';

describe('a step that decides nothing', () => {
  const watched = systemIds.next();
  /** Raises another tally, as long as the watched one is open. */
  const watching = (runner: ReturnType<typeof runnerOn>, who: string, on: string | null = null) =>
    runner.runAll(
      [
        step(tallyOn(on), systemIds.next(), { kind: 'raise', who }, { isNew: true }),
        step(
          { ...tally, decide: (_command: null, { isClosed }) => (isClosed ? refuse({ code: 'closed' }) : ok([])) },
          watched,
          null,
        ),
      ],
      meta,
    );

  test('keeps the others from being stored when another process was faster', async () => {
    const inner = newStore();
    const { store, open, seen } = slow(inner);
    const runner = runnerOn(store);
    const late = watching(runner, 'late');
    await turns();
    expect(seen.appends).toBe(1);
    await runnerOn(inner).run(tally, watched, { kind: 'close' }, meta);
    open();
    expect(await late).toMatchObject({ ok: false, refusal: { code: 'closed' } });
    expect(await inner.headPosition()).toBe(1);
  });

  test('keeps nobody waiting: what is decided beside it stands although what was decided before is refused', async () => {
    const { store, open, seen } = slow(newStore());
    const runner = runnerOn(store);
    const refused = watching(runner, 'refused', 'places');
    const stored = watching(runner, 'stored');
    await turns();
    open(2);
    expect(await refused).toMatchObject({ refusal: { code: 'insufficient' } });
    expect(await stored).toMatchObject({ ok: true });
    expect(seen).toMatchObject({ appends: 2, conflicts: 0 });
  });
});
