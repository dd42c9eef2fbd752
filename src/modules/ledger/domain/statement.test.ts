import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addUp, statement, type MovementKind, type StatementMovement, type StatementState } from './statement.ts';

const of = { statementId: 'statement', method: 'elqr', parkId: null } as const;
const movement = (kind: MovementKind, amountTyiyn: bigint, parkId = 'park', day = '2026-12-05'): StatementMovement => ({
  kind,
  parkId,
  day,
  amountTyiyn,
});

/** Books what a statement tells; answers what that changed. */
function book(state: StatementState, movements: readonly StatementMovement[]) {
  const decided = statement.decide({ kind: 'book', of, movements, nowMs: 1 }, state);
  if (!decided.ok) throw new Error('a statement can always be booked');
  const changed = decided.value.flatMap((event) => (event.type === 'StatementBooked' ? event.data.movements : []));
  return { state: decided.value.reduce(statement.evolve, state), changed, events: decided.value.length };
}

test('what it tells is booked once, and what it tells otherwise since by the difference', () => {
  const first = book(statement.initial, [movement('fee', 500n), movement('fee', 25n), movement('payout', 9_000n)]);
  expect(first.changed).toEqual([movement('fee', 525n), movement('payout', 9_000n)]);
  expect(book(first.state, [movement('payout', 9_000n), movement('fee', 525n)]).changed).toEqual([]);
  const second = book(first.state, [movement('fee', 500n), movement('payout', 9_000n, 'park', '2026-12-06')]);
  expect(second.changed).toEqual([
    movement('fee', -25n),
    movement('payout', -9_000n),
    movement('payout', 9_000n, 'park', '2026-12-06'),
  ]);
});

test('taken back it takes back what it had booked, once', () => {
  const { state } = book(statement.initial, [movement('fee', 525n)]);
  const withdrawn = statement.decide({ kind: 'withdraw', of, nowMs: 2 }, state);
  const events = withdrawn.ok ? withdrawn.value : [];
  expect(events).toMatchObject([
    { type: 'StatementBooked', data: { movements: [movement('fee', -525n)] } },
    { type: 'StatementWithdrawn' },
  ]);
  const after = events.reduce(statement.evolve, state);
  expect(statement.decide({ kind: 'withdraw', of, nowMs: 3 }, after)).toMatchObject({ ok: true, value: [] });
  expect(book(after, [movement('fee', 525n)]).changed).toEqual([]);
});

test('a file that is imported again after a withdrawal that broke off before its lines were gone can be booked', () => {
  const { state } = book(statement.initial, [movement('fee', 525n)]);
  const withdrawn = statement.decide({ kind: 'withdraw', of, nowMs: 2 }, state);
  const told = { ...of, statementId: 'statement', from: '2026-12-05', to: '2026-12-05', importedAtMs: 3 };
  const imported = { type: 'StatementImported', data: told } as const;
  const after = [...(withdrawn.ok ? withdrawn.value : []), imported].reduce(statement.evolve, state);
  expect(book(after, [movement('fee', 525n)]).changed).toEqual([movement('fee', 525n)]);
});

test('many movements are told in several events', () => {
  const days = Array.from({ length: 2_001 }, (_, index) => movement('fee', 1n, `park-${index}`));
  expect(book(statement.initial, days)).toMatchObject({
    events: 3,
    changed: expect.objectContaining({ length: 2_001 }),
  });
});

test('after any number of bookings what is booked is what was told last', () => {
  const one = fc.record<StatementMovement>({
    kind: fc.constantFrom('fee', 'payout', 'unexplained', 'written_off'),
    parkId: fc.constantFrom('', 'a', 'b'),
    day: fc.constantFrom('2026-12-05', '2026-12-06'),
    amountTyiyn: fc.bigInt(-5n, 5n),
  });
  fc.assert(
    fc.property(fc.array(fc.array(one, { maxLength: 12 }), { minLength: 1, maxLength: 6 }), (tellings) => {
      const end = tellings.reduce((state, told) => book(state, told).state, statement.initial);
      expect(end.booked).toEqual(addUp(tellings.at(-1) ?? []));
    }),
    { numRuns: 200, seed: 24 },
  );
});
