import { describe, expect, test } from 'vitest';
import { mobilePhoneNumbers } from './mobile-phone-numbers.ts';

const AIGUL = '+996555123456';

describe('phone numbers', () => {
  test.each([
    '+996555123456',
    '996555123456',
    '0555123456',
    '555123456',
    '0555 12 34 56',
    ' 0555 123 456 ',
    '+996 (555) 12-34-56',
    '00996555123456',
    '٠٥٥٥١٢٣٤٥٦',
    '+٩٩٦٥٥٥١٢٣٤٥٦',
    '０５５５１２３４５６',
  ])('%j is one number, however it is written', (text) => {
    expect(mobilePhoneNumbers.parse(text)).toBe(AIGUL);
  });

  test.each([
    ['+7 701 123 45 67', '+77011234567'],
    ['+7 916 123-45-67', '+79161234567'],
    ['0770123456', '+996770123456'],
    ['0220123456', '+996220123456'],
  ])('%j is %s', (text, number) => {
    expect(mobilePhoneNumbers.parse(text)).toBe(number);
  });

  test.each([
    ['nothing', ''],
    ['letters', '0555abc456'],
    ['a vanity number', '0555 FLOWER'],
    ['a sentence around a number', 'call 0555123456'],
    ['two numbers', '0555123456, 0555123457'],
    ['a landline', '0312123456'],
    ['a landline with its country', '+996312123456'],
    ['premium rate', '0900123456'],
    ['a digit too few', '+99655512345'],
    ['16 digits', '0555123456789012'],
    ['18 digits with a country', '+996555123456789012'],
    ['a country that does not exist', '+999555123456'],
    ['a satellite telephone', '+88216 5512 3456'],
    ['another satellite telephone', '+881612345678'],
    ['an international network', '+883510012345678'],
    ['an extension', '+996555123456 ext 5'],
    ['markup', '<b>0555123456</b>'],
    ['a line end', '0555123456\r\nX: y'],
    ['an emergency number', '112'],
    ['an endless number', '5'.repeat(5_000)],
  ])('%s is no mobile number', (_what, text) => {
    expect(mobilePhoneNumbers.parse(text)).toBeNull();
  });

  test('a number that was read reads as itself', () => {
    expect(mobilePhoneNumbers.parse(mobilePhoneNumbers.parse('0555 12 34 56') ?? '')).toBe(AIGUL);
  });
});
