import { expect, test, vi } from 'vitest';

vi.stubGlobal('location', { origin: 'http://localhost' });
vi.stubGlobal('localStorage', { getItem: () => 'ru' });
const { changeOf } = await import('./sale.ts');

test('change is what was given beyond the price, to the tyiyn, and none while it is not enough', () => {
  expect(changeOf('350.00', '500.00')).toBe('150.00');
  expect(changeOf('0.30', '0.40')).toBe('0.10');
  expect(changeOf('350.00', '349.99')).toBeNull();
});
