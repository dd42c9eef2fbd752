import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NEW_DAY, openSold, terms } from './voids.suite.ts';

const OLD_DAY = terms.visitDate;
type Nodes = Awaited<ReturnType<typeof openSold>>;

const seen = async (nodes: Nodes) => ({
  day: (await nodes.state()).terms?.visitDate,
  old: await nodes.places(),
  new: await nodes.places(NEW_DAY),
  back: await nodes.refunded(),
});
const MOVED = { day: NEW_DAY, old: [10, 0], new: [8, 2], back: 5_000n };
const UNDONE = { day: OLD_DAY, old: [8, 2], new: [10, 0], back: 0n };

test('a ticket that moves is good for its new day at once; the old one is free, and money goes back, once its gates have said that nobody came in', async () => {
  const nodes = await openSold();
  expect(await nodes.move()).toEqual({ ok: true, value: null });
  expect(await nodes.move()).toEqual({ ok: true, value: null });
  const waiting = { day: NEW_DAY, old: [8, 2], new: [8, 2], back: 0n };
  expect(await seen(nodes)).toEqual(waiting);
  await nodes.pull();
  expect(await nodes.enter(OLD_DAY)).toMatchObject({ ok: false, refusal: { code: 'revoked' } });
  expect(await seen(nodes)).toEqual(waiting);
  await nodes.push();
  expect(await seen(nodes)).toEqual(MOVED);
  expect(await nodes.enter(NEW_DAY)).toMatchObject({ ok: true });
  expect(await nodes.told()).toEqual(['TicketHeld', 'TicketActivated', 'TicketMoved', 'VoidAsked', 'TicketLeftDay']);
});

test('a party that a park which is cut off lets in on the old day has been there: the move is undone, and nobody comes in on the new day', async () => {
  const nodes = await openSold();
  await nodes.move();
  expect(await nodes.enter(OLD_DAY)).toMatchObject({ ok: true });
  expect(await nodes.enter(NEW_DAY)).toMatchObject({ ok: false, refusal: { code: 'already_used', remaining: 0 } });
  await nodes.push();
  expect((await seen(nodes)).old).toEqual([8, 2]);
  await nodes.pull();
  await nodes.push();
  expect(await seen(nodes)).toEqual(UNDONE);
  expect((await nodes.told()).at(-1)).toBe('TicketMoveUndone');
  expect(await nodes.move()).toMatchObject({ ok: false, refusal: { code: 'already_moved' } });
});

test('a party that comes on the new day while the park is cut off keeps it', async () => {
  const nodes = await openSold();
  await nodes.move();
  expect(await nodes.enter(NEW_DAY)).toMatchObject({ ok: true });
  expect(await nodes.enter(OLD_DAY)).toMatchObject({ ok: false, refusal: { code: 'already_used' } });
  await nodes.pull();
  await nodes.push();
  expect(await seen(nodes)).toEqual(MOVED);
});

test('of an entry on the old day and the move at the same moment exactly one wins', async () => {
  const winners = new Set<string | undefined>();
  for (let round = 0; round < 20; round += 1) {
    const nodes = await openSold();
    await nodes.move();
    // A question takes more steps than a scan, so every other scan is some of them late.
    const late = async () => {
      for (let turn = 0; turn < round; turn += 1) await setImmediate();
      return nodes.enter(OLD_DAY);
    };
    const [entry] = await Promise.all([round % 2 === 0 ? nodes.enter(OLD_DAY) : late(), nodes.pull()]);
    await nodes.push();
    const after = await seen(nodes);
    expect(after).toEqual(entry.ok ? UNDONE : MOVED);
    winners.add(after.day);
  }
  expect(winners.size).toBe(2);
});

test('a ticket that is cancelled while it leaves a day gives back both days and all its money, once', async () => {
  const nodes = await openSold();
  await nodes.move();
  await nodes.cancel();
  await nodes.pull();
  await nodes.push();
  expect(await seen(nodes)).toMatchObject({ old: [10, 0], new: [10, 0], back: 35_000n });
  expect(await nodes.status()).toBe('cancelled');
});

test('what a revoked node was asked about a day is answered by headquarters when its gates become its own', async () => {
  const nodes = await openSold();
  await nodes.move();
  await nodes.inherit();
  expect(await seen(nodes)).toEqual(MOVED);
  const used = await openSold();
  await used.enter(OLD_DAY);
  await used.push();
  await used.move();
  await used.inherit();
  expect(await seen(used)).toEqual(UNDONE);
});

test('whatever is carried when, and however often: of both days one is used, and places and money are those of that day', async () => {
  const step = fc.constantFrom('old', 'new', 'pull', 'push', 'move', 'cancel', 'override');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const nodes = await openSold();
      const entered: string[] = [];
      for (const one of steps) {
        const day = one === 'old' ? OLD_DAY : one === 'new' ? NEW_DAY : null;
        // Nobody has a code of the new day before the ticket moved.
        if (day === NEW_DAY && !(await nodes.state()).moved) continue;
        if (day !== null) {
          if ((await nodes.enter(day)).ok) entered.push(day);
        } else if (one === 'pull') await nodes.pull();
        else if (one === 'push') await nodes.push();
        else if (one === 'move') await nodes.move();
        else await nodes.cancel(one === 'override' ? 'override' : 'guest');
      }
      await nodes.push();
      await nodes.pull();
      await nodes.push();
      const { status, terms: now, leaving, voiding } = await nodes.state();
      const after = await seen(nodes);
      expect([leaving, voiding]).toEqual([null, null]);
      expect(new Set(entered).size).toBeLessThan(2);
      expect([after.old, after.new].map(([free = 0, sold = 0]) => free + sold)).toEqual([10, 10]);
      if (status === 'cancelled') {
        expect(after.back).toBe(35_000n);
        return;
      }
      if (entered[0] !== undefined) expect(now?.visitDate).toBe(entered[0]);
      const isNew = now?.visitDate === NEW_DAY;
      expect(after).toMatchObject({
        old: isNew ? [10, 0] : [8, 2],
        new: isNew ? [8, 2] : [10, 0],
        back: isNew ? 5_000n : 0n,
      });
    }),
    { numRuns: 60 },
  );
});
