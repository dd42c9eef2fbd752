import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const FISCAL = {
  FISCAL_BASE_URL: 'https://register.example/',
  FISCAL_API_KEY: 'key',
  FISCAL_TIN: '01234567890123',
  FISCAL_FN_NUMBER: '0000000002369707',
  FISCAL_TAX_SYSTEM: '0',
  FISCAL_ITEM_CODE: '1',
  FISCAL_GOODS_NAME: 'Входной билет',
  FISCAL_VAT_CODE: '1',
  FISCAL_VAT_PERCENT: '12',
  FISCAL_ST_CASH_CODE: '2',
  FISCAL_ST_CASH_PERCENT: '2',
  FISCAL_ST_CASHLESS_CODE: '3',
  FISCAL_ST_CASHLESS_PERCENT: '0',
};

describe('the cash register in the configuration', () => {
  test('is none by default, and whole when it is named, with a fiscal module of single parks', () => {
    expect(loadConfig({}).fiscal).toBeNull();
    const { fiscal } = loadConfig({
      ...FISCAL,
      FISCAL_PARK_FN_NUMBERS: 'ala-archa=0000000000000007, osh=0000000000000008',
    });
    expect(fiscal).toMatchObject({
      baseUrl: 'https://register.example',
      terms: {
        vat: { code: 1, percent: 12 },
        salesTaxInCash: { code: 2, percent: 2 },
        salesTaxCashless: { code: 3, percent: 0 },
      },
      receiptUrl: 'https://tax.salyk.kg/tax-web-control/client/api/v1/ticket',
    });
    expect([...(fiscal?.parkFnNumbers ?? [])]).toEqual([
      ['ala-archa', '0000000000000007'],
      ['osh', '0000000000000008'],
    ]);
  });

  test.each(Object.keys(FISCAL))('has no rate, code or name of its own: %s is wanted', (name) => {
    const rest = Object.fromEntries(Object.entries(FISCAL).filter(([key]) => key !== name));
    expect(() => loadConfig(rest)).toThrow(`${name} missing`);
  });

  test.each(['ala-archa', 'ala-archa=1', 'osh=0000000000000008,osh=0000000000000007', 'Osh=0000000000000008'])(
    'takes no fiscal modules of parks such as %s',
    (text) => {
      expect(() => loadConfig({ ...FISCAL, FISCAL_PARK_FN_NUMBERS: text })).toThrow('FISCAL_PARK_FN_NUMBERS');
    },
  );

  test('wants TLS in production', () => {
    const plain = { ...FISCAL, FISCAL_BASE_URL: 'http://register.example', SKYPARK_MODE: 'production' };
    expect(() => loadConfig(plain)).toThrow('production needs an https FISCAL_BASE_URL');
  });
});
