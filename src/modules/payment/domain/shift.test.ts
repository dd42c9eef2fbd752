import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shift, type ShiftCommand, type ShiftEvent } from './shift.ts';

const open = {
  type: 'open',
  shiftId: 'shift',
  parkId: 'dordoi',
  cashierId: 'cashier',
  floatTyiyn: 100_000n,
  nowMs: 1,
} as const satisfies ShiftCommand;
const take = (amountTyiyn: bigint): ShiftCommand => ({
  type: 'take',
  paymentId: 'payment',
  ticketId: 'ticket',
  amountTyiyn,
  nowMs: 2,
});
const payOut = (amountTyiyn: bigint): ShiftCommand => ({
  type: 'pay_out',
  paymentId: 'payment',
  refundId: 'refund',
  amountTyiyn,
  nowMs: 3,
});
const close = (countedTyiyn: bigint): ShiftCommand => ({ type: 'close', countedTyiyn, nowMs: 4 });

/** Runs commands in order; a refusal adds its code to `refusals` and changes nothing. */
function run(...commands: readonly ShiftCommand[]) {
  const events: ShiftEvent[] = [];
  const refusals: string[] = [];
  for (const command of commands) {
    const decided = shift.decide(command, events.reduce(shift.evolve, shift.initial));
    if (decided.ok) events.push(...decided.value);
    else refusals.push(decided.refusal.code);
  }
  return { events, refusals, state: events.reduce(shift.evolve, shift.initial) };
}

test('the close says what should be in the till, what was counted, and the difference', () => {
  const { events } = run(open, take(35_000n), payOut(5_000n), close(129_900n));
  expect(events.at(-1)).toMatchObject({
    type: 'ShiftClosed',
    data: { expectedTyiyn: 130_000n, countedTyiyn: 129_900n, differenceTyiyn: -100n },
  });
});

test('a shift is opened once and closed once, and nothing moves in a closed one', () => {
  expect(run(open, open, close(100_000n), close(100_000n)).events).toHaveLength(2);
  expect(run(open, { ...open, floatTyiyn: 1n }).refusals).toEqual(['shift_id_reused']);
  expect(run(open, close(100_000n), close(1n), take(1n), payOut(1n)).refusals).toEqual(
    Array.from({ length: 3 }, () => 'shift_closed'),
  );
  expect(run(take(1n), payOut(1n), close(1n)).refusals).toEqual(Array.from({ length: 3 }, () => 'shift_not_found'));
});

test('the till pays out what is in it and not a tyiyn more', () => {
  expect(run(open, payOut(100_000n)).state.cashTyiyn).toBe(0n);
  expect(run(open, payOut(100_001n)).refusals).toEqual(['till_short']);
});

test('no sum is zero or less, but a float and a count may be nothing', () => {
  expect(run(open, take(0n), take(-1n), payOut(0n), payOut(-1n)).refusals).toHaveLength(4);
  expect(run({ ...open, floatTyiyn: -1n }).refusals).toEqual(['amount_not_positive']);
  expect(run({ ...open, floatTyiyn: 0n }, close(-1n)).refusals).toEqual(['amount_not_positive']);
  expect(run({ ...open, floatTyiyn: 0n }, close(0n)).refusals).toEqual([]);
});

test('whatever is sold and paid out, cash is float + sales − payouts, never below zero, and the close balances', () => {
  const moves = fc.array(fc.tuple(fc.boolean(), fc.bigInt(-10n, 90_000n)), { maxLength: 40 });
  fc.assert(
    fc.property(moves, fc.bigInt(0n, 500_000n), (list, countedTyiyn) => {
      const commands = list.map(([isSale, amountTyiyn]) => (isSale ? take(amountTyiyn) : payOut(amountTyiyn)));
      const { events, state } = run(open, ...commands, close(countedTyiyn));
      let cashTyiyn = 0n;
      for (const event of events) {
        if (event.type === 'ShiftOpened') cashTyiyn += event.data.floatTyiyn;
        else if (event.type === 'CashTaken') cashTyiyn += event.data.amountTyiyn;
        else if (event.type === 'CashPaidOut') cashTyiyn -= event.data.amountTyiyn;
        else {
          const { expectedTyiyn, differenceTyiyn } = event.data;
          expect(expectedTyiyn).toBe(cashTyiyn);
          expect(expectedTyiyn + differenceTyiyn).toBe(countedTyiyn);
        }
        expect(cashTyiyn >= 0n).toBe(true);
      }
      expect(state.cashTyiyn).toBe(cashTyiyn);
    }),
  );
});
