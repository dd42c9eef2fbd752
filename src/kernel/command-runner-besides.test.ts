import { beforeEach, describe, expect, test } from 'vitest';
import { systemIds } from '../infrastructure/ids.ts';
import { step } from './command-runner.ts';
import { ok } from './result.ts';
import { meta, newStore, runnerOn, slow, turns } from './runner-fixtures.suite.ts';
import { tally } from './tally.suite.ts';

describe('a stream beside those of other writers', () => {
  let [own, other, third] = ['', '', ''];
  beforeEach(() => {
    [own, other, third] = [systemIds.next(), systemIds.next(), systemIds.next()];
  });
  const raise = (who: string) => ({ kind: 'raise', who }) as const;

  test('is decided on together with them, and alone written', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const besides = [other, third];
    await runner.run(tally, own, raise('first'), meta, { besides });
    await runner.run(tally, other, raise('second'), meta);
    await runner.run(tally, own, raise('third'), meta, { besides });
    expect((await runner.stateOf(tally, own, besides)).state).toMatchObject({ who: ['first', 'second', 'third'] });
    expect((await runner.stateOf(tally, own)).state).toMatchObject({ who: ['first', 'third'] });
    await runner.run(tally, third, { kind: 'close' }, meta);
    const late = await runner.run(tally, own, raise('late'), meta, { besides });
    expect(late).toMatchObject({ ok: false, refusal: { code: 'closed' } });
    expect(await store.headPosition()).toBe(4);
  });

  test('is not written when one of them has moved meanwhile, and is decided anew', async () => {
    const inner = newStore();
    const { store, open, seen } = slow(inner);
    const late = runnerOn(store).run(tally, own, raise('late'), meta, { besides: [other] });
    await turns();
    expect(seen.appends).toBe(1);
    await runnerOn(inner).run(tally, other, { kind: 'close' }, meta);
    open();
    expect(await late).toMatchObject({ ok: false, refusal: { code: 'closed' } });
    expect(seen).toMatchObject({ conflicts: 1 });
    expect(await inner.headPosition()).toBe(1);
  });

  test('that is believed new is not looked for, nor are they, and yet nothing of them is overlooked', async () => {
    const inner = newStore();
    const { store, open, seen } = slow(inner);
    const runner = runnerOn(store);
    const first = runner.run(tally, own, raise('first'), meta, { besides: [other], isNew: true });
    await turns();
    open();
    expect(await first).toMatchObject({ ok: true });
    expect(seen).toMatchObject({ appends: 1, loads: 0 });
    await runnerOn(inner).run(tally, third, { kind: 'close' }, meta);
    const wrong = runner.run(tally, systemIds.next(), raise('second'), meta, { besides: [third], isNew: true });
    await turns();
    open();
    expect(await wrong).toMatchObject({ ok: false, refusal: { code: 'closed' } });
  });

  test('is kept between commands with what is known of them, so that nothing is read again', async () => {
    const { store, open, seen } = slow(newStore());
    const runner = runnerOn(store);
    for (const [who, loads] of [
      ['first', 2],
      ['second', 2],
    ] as const) {
      const raised = runner.run(tally, own, raise(who), meta, { besides: [other] });
      await turns();
      open();
      expect(await raised).toMatchObject({ ok: true });
      expect(seen.loads).toBe(loads);
    }
  });

  test('is read anew only from what is stored, also while something of it is on its way', async () => {
    const inner = newStore();
    const { store, open } = slow(inner);
    const runner = runnerOn(store);
    const besides = [other];
    const elsewhere = systemIds.next();
    await runnerOn(inner).run(tally, own, raise('first'), meta);
    await runner.stateOf(tally, own, besides);
    const looking = { ...tally, decide: () => ok([]) };
    const refused = runner.runAll(
      [step(tally, elsewhere, raise('elsewhere'), { isNew: true }), step(looking, own, raise('nobody'), { besides })],
      meta,
    );
    await turns();
    const lost = runner.run(tally, own, raise('lost'), meta, { besides });
    await turns();
    await runnerOn(inner).run(tally, elsewhere, raise('another'), meta);
    await runnerOn(inner).run(tally, other, raise('beside'), meta);
    open();
    await turns();
    const last = runner.run(tally, own, raise('last'), meta, { besides });
    for (let count = 0; count < 10; count += 1) {
      await turns();
      open(10);
    }
    expect([await refused, await lost, await last]).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    const { who } = (await runner.stateOf(tally, own, besides)).state;
    expect(who.toSorted()).toEqual(['beside', 'first', 'last', 'lost']);
  });
});
