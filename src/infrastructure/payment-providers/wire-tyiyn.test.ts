import { expect, test } from 'vitest';
import { toWireSom, wireSomToTyiyn } from './wire-som.ts';
import { toWireTyiyn, wireTyiynToTyiyn, type WireTyiyn, type WireTyiynText } from './wire-tyiyn.ts';

test('1 050.50 som is the form’s 105050 and 105 050 tyiyn', () => {
  expect(toWireTyiyn(105_050n)).toBe('105050');
  expect(wireTyiynToTyiyn(105_050 as WireTyiyn)).toBe(105_050n);
});

test('an amount of the other wire, in either direction, does not compile', () => {
  const som = toWireSom(105_050n);
  // @ts-expect-error som is not tyiyn: 100 times too little
  expect(wireTyiynToTyiyn(105_050 as WireTyiyn & typeof som) && wireTyiynToTyiyn(toWireSom(105_000n))).toBe(1050n);
  // @ts-expect-error tyiyn is not som: 100 times too much
  expect(wireSomToTyiyn(105_050 as WireTyiyn)).toBe(10_505_000n);
  // @ts-expect-error nor is a text that somebody else wrote an amount of this wire
  const text: WireTyiynText = '1050.50';
  expect(text).toBe('1050.50');
});
