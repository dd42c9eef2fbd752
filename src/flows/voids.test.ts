import { expect, test } from 'vitest';
import { createEndDays } from '../modules/booking/application/end-days.ts';
import { META, openSold, terms } from './voids.suite.ts';

test('a ticket of another node’s gates stays good until they have ended it; then its places are free', async () => {
  const nodes = await openSold();
  expect(await nodes.cancel()).toEqual({ ok: true, value: null });
  expect(await nodes.cancel()).toEqual({ ok: true, value: null });
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  await nodes.pull();
  expect(await nodes.enter()).toMatchObject({ ok: false, refusal: { code: 'cancelled' } });
  await nodes.push();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [10, 0]]);
  expect(await nodes.told()).toEqual(['TicketHeld', 'TicketActivated', 'VoidAsked', 'TicketCancelled']);
});

test('somebody who came in first keeps the ticket; a manager may insist', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  await nodes.pull();
  await nodes.push();
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  expect((await nodes.told()).at(-1)).toBe('TicketVoidDenied');
  await nodes.cancel('override');
  await nodes.pull();
  await nodes.push();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [8, 2]]);
});

test('of an entry and the end of the ticket at the same moment exactly one wins', async () => {
  for (let round = 0; round < 20; round += 1) {
    const nodes = await openSold();
    await nodes.cancel();
    const [entry] =
      round % 2 === 0
        ? await Promise.all([nodes.enter(), nodes.pull()])
        : ((await Promise.all([nodes.pull(), nodes.enter()])).toReversed() as [
            Awaited<ReturnType<typeof nodes.enter>>,
          ]);
    await nodes.push();
    expect(await nodes.status()).toBe(entry.ok ? 'active' : 'cancelled');
  }
});

test('a ticket that waits for its gates waits for their answer also once they have ended its day: a use may be in their log before it', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  nodes.clock.set(terms.validUntilMs + 1);
  const day = { parkId: terms.parkId, date: terms.visitDate };
  const endDays = createEndDays({
    ...nodes.atHq,
    gateDayOver: async () => true,
    unusedTickets: { days: async () => [day], of: async () => [terms.ticketId] },
  });
  await endDays(10, META);
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  await nodes.pull();
  await nodes.push();
  expect((await nodes.told()).at(-1)).toBe('TicketVoidDenied');
  await endDays(10, META);
  expect([await nodes.status(), await nodes.places()]).toEqual(['expired', [8, 2]]);
});

test('a ticket that nobody cancels ends once its gates have passed its day, and not before', async () => {
  const nodes = await openSold();
  nodes.clock.set(terms.validUntilMs + 1);
  let isOver = false;
  const day = { parkId: terms.parkId, date: terms.visitDate };
  const endDays = createEndDays({
    ...nodes.atHq,
    gateDayOver: async () => isOver,
    unusedTickets: { days: async () => [day], of: async () => [terms.ticketId] },
  });
  expect([await endDays(10, META), await nodes.status()]).toEqual([0, 'active']);
  isOver = true;
  expect([await endDays(10, META), await nodes.status()]).toEqual([1, 'expired']);
});

test('what nobody at the gates will answer any more is answered by headquarters when the gates become its own', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  await nodes.inherit();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [10, 0]]);
  expect(await nodes.told()).toEqual(['TicketHeld', 'TicketActivated', 'VoidAsked', 'TicketCancelled']);
});

test('so is what was asked by somebody who looked whose the gates are before they changed hands', async () => {
  const nodes = await openSold();
  await nodes.inherit();
  await nodes.askLate();
  expect([await nodes.status(), await nodes.places()]).toEqual(['cancelled', [10, 0]]);
});

test('a denial that came before its node was revoked is the answer, although headquarters looks at it only as the heir', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  await nodes.pull();
  expect(await nodes.handOver()).toEqual(['stored']);
  await nodes.fence();
  await nodes.inherit();
  expect([await nodes.status(), await nodes.places()]).toEqual(['active', [8, 2]]);
  expect((await nodes.told()).at(-1)).toBe('TicketVoidDenied');
  expect(await nodes.handOver()).toEqual(['already_stored']);
});

test('a denial that comes after its node was revoked is in no log, and the heir has answered', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  await nodes.pull();
  await nodes.fence();
  await nodes.inherit();
  const told = await nodes.told();
  expect([await nodes.status(), await nodes.places(), told.at(-1)]).toEqual(['cancelled', [10, 0], 'TicketCancelled']);
  expect(await nodes.handOver()).toEqual(['closed']);
  await nodes.push();
  expect([await nodes.status(), await nodes.places(), await nodes.told()]).toEqual(['cancelled', [10, 0], told]);
});

test('a denial that comes once the ticket has ended with its day, after all gates were heard, changes nothing more', async () => {
  const nodes = await openSold();
  await nodes.cancel();
  expect(await nodes.enter()).toMatchObject({ ok: true });
  await nodes.pull();
  nodes.clock.set(terms.validUntilMs + 86_400_000);
  await nodes.push();
  const told = await nodes.told();
  expect([await nodes.status(), await nodes.places(), told.at(-1)]).toEqual(['active', [8, 2], 'TicketVoidDenied']);
  expect(await nodes.handOver()).toEqual(['already_stored']);
  await nodes.push();
  expect([await nodes.status(), await nodes.told()]).toEqual(['active', told]);
});

test('of a cancellation and a day that becomes the park’s at the same moment the day wins, and the park is asked', async () => {
  const nodes = await openSold();
  expect(await nodes.cancelAsHomeChanges()).toEqual({ ok: true, value: null });
  expect([await nodes.status(), (await nodes.told()).at(-1)]).toEqual(['active', 'VoidAsked']);
});
