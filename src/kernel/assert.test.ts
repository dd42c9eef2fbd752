import { expect, test } from 'vitest';
import { assert, BrokenInvariant, unreachable } from './assert.ts';

test('an assertion that holds passes, and one that does not throws its message', () => {
  expect(() => assert(1 + 1 === 2, 'arithmetic')).not.toThrow();
  expect(() => assert(false, 'the sum is off')).toThrow(new BrokenInvariant('the sum is off'));
});

test('data outside its type reaches the end of a switch as an error that shows it', () => {
  const lie = 'neither' as never;
  expect(() => unreachable(lie, 'status')).toThrow(new BrokenInvariant('status: unexpected "neither"'));
});

test('of what an unexpected event says nothing is shown: it may be a name', () => {
  const shown = (value: unknown): string => {
    try {
      return unreachable(value as never, 'event');
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(shown({ type: 'UserRegistered', data: { name: 'Айгүл' } })).toBe('event: unexpected type "UserRegistered"');
  expect(shown({ priceTyiyn: 5n, name: 'Айгүл' })).toBe('event: unexpected an object with priceTyiyn, name');
  expect(shown(5n)).toBe('event: unexpected 5');
});
