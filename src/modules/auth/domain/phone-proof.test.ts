import { expect, test } from 'vitest';
import { ok, refuse } from '../../../kernel/result.ts';
import { phoneProof } from './phone-proof.ts';

const proven = { type: 'PhoneVerified', data: { userId: 'u1' } } as const;
const yielded = { type: 'NumberYielded', data: { userId: 'u1' } } as const;

test.each([
  ['prove', 'unproven', ok([proven])],
  ['prove', 'proven', ok([])],
  ['prove', 'yielded', refuse({ code: 'decided_otherwise' })],
  ['yield', 'unproven', ok([yielded])],
  ['yield', 'yielded', ok([])],
  ['yield', 'proven', refuse({ code: 'decided_otherwise' })],
] as const)('to %s a number that is %s: the first of proof and yielding is the last word', (kind, state, decided) => {
  expect(phoneProof.decide({ kind, userId: 'u1' }, state)).toEqual(decided);
});

test('events tell which of the two it was', () => {
  expect(phoneProof.evolve('unproven', proven)).toBe('proven');
  expect(phoneProof.evolve('unproven', yielded)).toBe('yielded');
});
