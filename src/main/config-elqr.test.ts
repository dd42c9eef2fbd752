import { expect, test } from 'vitest';
import { ConfigFault, loadConfig } from './config.ts';
import type { Environment } from './settings/environment.ts';
import { orderStatuses } from './settings/order-statuses.ts';

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig({ SKYPARK_MODE: 'production', ...environment });
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults.filter((fault) => fault.includes('EL'));
    throw error;
  }
  return [];
}

const BANK = { ELQR_BASE_URL: 'https://b.example', ELQR_API_KEY: 'token', ELQR_ACCOUNT_ID: '1240' };
const SECRET = 'a-secret-of-the-webhook';

test('production needs what the chosen profile of ELQR needs, and nothing of the other', () => {
  const bakai = { ...BANK, ELQR_WIRE_PROFILE: 'bakai-v1' };
  expect(faultsOf({ ...bakai, ELQR_WEBHOOK_SECRET: SECRET })).toEqual([]);
  expect(faultsOf(bakai)).toEqual(['production needs ELQR_WEBHOOK_SECRET']);
  expect(faultsOf(BANK)).toEqual([
    'production needs ELQR_SIGNING_KEY_FILE',
    'production needs ELQR_WEBHOOK_PUBLIC_KEY_FILE',
  ]);
});

test('a secret that could be guessed, or has letters that no address may have, is none, and is not shown', () => {
  for (const secret of ['short', `${SECRET}/../x`]) {
    const faults = faultsOf({ ...BANK, ELQR_WIRE_PROFILE: 'bakai-v1', ELQR_WEBHOOK_SECRET: secret });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).not.toContain(secret);
  }
});

test('the way the bank is spoken to, and who may send its messages', () => {
  expect(loadConfig({}).elqr).toMatchObject({ wireProfile: 'finik-v1', orderForm: 'page', webhookSenders: [] });
  const { elqr } = loadConfig({ ELQR_ORDER_FORM: 'qr', ELQR_WEBHOOK_SENDERS: '10.0.0.0/8, ::1' });
  expect(elqr).toMatchObject({ orderForm: 'qr', webhookSenders: ['10.0.0.0/8', '::1'] });
  expect(loadConfig({ ELCARD_AUTH_MODE: 'login' }).elcard.authMode).toBe('login');
});

test('numbers of a card bank are what it says they are', () => {
  expect(orderStatuses.read('7=partly_refunded, 1=paid')).toEqual({ 1: 'paid', 7: 'partly_refunded' });
  expect(orderStatuses.read('')).toEqual({});
  for (const bad of ['7', '7=nonsense', '-1=paid', '7=paid;8=paid']) expect(orderStatuses.read(bad)).toBeNull();
  expect(loadConfig({ ELCARD_STATUSES: '7=declined' }).elcard.statuses).toEqual({ 7: 'declined' });
});
