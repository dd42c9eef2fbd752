import { aText, integer, matching, numbersOfParks, webAddress } from './kinds.ts';
import { always, optional, secret, type Setting } from './setting.ts';

const NO_RECEIPTS = 'the sandbox in demo mode, else there are no fiscal receipts';
const fiscalCode = integer(0, 1000);
const fiscalPercent = integer(0, 100, 'percent');

/** The cash register. Nothing that an accountant has to say has a default. */
export const FISCAL_SETTINGS = {
  FISCAL_BASE_URL: optional('fiscal.base_url', webAddress, NO_RECEIPTS, {
    meaning:
      'fiscal receipts: the cloud register, without `/api/service-api`. With it all of `FISCAL_*` without a default are wanted; an accountant and the operator of the register say what they are',
  }),
  FISCAL_API_KEY: secret('fiscal.api_key', aText, NO_RECEIPTS, 'what the register knows us by'),
  FISCAL_TIN: optional('fiscal.tin', matching(/^\d{14}$/, '14 digits'), NO_RECEIPTS, {
    meaning: 'the number of the tax payer who sells',
  }),
  FISCAL_FN_NUMBER: optional('fiscal.fn_number', matching(/^\d{16}$/, '16 digits'), NO_RECEIPTS, {
    meaning: 'the fiscal module that issues receipts of all parks without one of their own',
  }),
  FISCAL_PARK_FN_NUMBERS: optional('fiscal.park_fn_numbers', numbersOfParks, 'none', {
    meaning: 'fiscal modules of single parks',
  }),
  FISCAL_TAX_SYSTEM: optional('fiscal.tax_system', fiscalCode, NO_RECEIPTS, {
    meaning: 'how we are taxed, by a code that the register lists at `/api/info/tax-systems`',
  }),
  FISCAL_ITEM_CODE: optional('fiscal.item_code', fiscalCode, NO_RECEIPTS, {
    meaning: 'what is sold, by a code that it lists at `/api/info/calc-item-attributes`',
  }),
  FISCAL_GOODS_NAME: optional('fiscal.goods_name', matching(/^\P{Cc}{1,100}$/u, 'up to 100 letters'), NO_RECEIPTS, {
    meaning: 'what a ticket is called on a receipt',
  }),
  FISCAL_VAT_CODE: optional('fiscal.vat_code', fiscalCode, NO_RECEIPTS, {
    meaning: 'value-added tax, by a code that it lists at `/api/info/tax-rates`',
  }),
  FISCAL_VAT_PERCENT: optional('fiscal.vat_percent', fiscalPercent, NO_RECEIPTS, { meaning: 'its rate' }),
  FISCAL_ST_CASH_CODE: optional('fiscal.st_cash_code', fiscalCode, NO_RECEIPTS, {
    meaning: 'sales tax on what is paid in cash, by a code of the same list',
  }),
  FISCAL_ST_CASH_PERCENT: optional('fiscal.st_cash_percent', fiscalPercent, NO_RECEIPTS, { meaning: 'its rate' }),
  FISCAL_ST_CASHLESS_CODE: optional('fiscal.st_cashless_code', fiscalCode, NO_RECEIPTS, {
    meaning: 'sales tax on what is paid otherwise',
  }),
  FISCAL_ST_CASHLESS_PERCENT: optional('fiscal.st_cashless_percent', fiscalPercent, NO_RECEIPTS, {
    meaning: 'its rate',
  }),
  FISCAL_MODEL: always('fiscal.model', matching(/^[\x21-\x7e]{1,50}$/, 'a word'), 'CloudCR', {
    meaning: 'what our program is registered as at the register',
  }),
  FISCAL_VERSION: always('fiscal.version', matching(/^[\x21-\x7e]{1,20}$/, 'a word'), '1', {
    meaning: 'and its version',
  }),
  FISCAL_RECEIPT_URL: always(
    'fiscal.receipt_url',
    webAddress,
    'https://tax.salyk.kg/tax-web-control/client/api/v1/ticket',
    { meaning: 'where the tax service shows receipts; QR codes lead there' },
  ),
} satisfies Readonly<Record<string, Setting>>;
