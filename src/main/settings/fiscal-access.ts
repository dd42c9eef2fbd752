import type { TaxTerms } from '../../modules/fiscal/domain/taxes.ts';
import { wantTogether, type GivenSettings } from './channel-access.ts';
import type { Values } from './table.ts';

export type FiscalAccess = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly tin: string;
  readonly fnNumber: string;
  readonly parkFnNumbers: ReadonlyMap<string, string>;
  readonly terms: TaxTerms;
  readonly model: string;
  readonly version: string;
  readonly receiptUrl: string;
};

const TOGETHER = [
  'FISCAL_BASE_URL',
  'FISCAL_API_KEY',
  'FISCAL_TIN',
  'FISCAL_FN_NUMBER',
  'FISCAL_TAX_SYSTEM',
  'FISCAL_ITEM_CODE',
  'FISCAL_GOODS_NAME',
  'FISCAL_VAT_CODE',
  'FISCAL_VAT_PERCENT',
  'FISCAL_ST_CASH_CODE',
  'FISCAL_ST_CASH_PERCENT',
  'FISCAL_ST_CASHLESS_CODE',
  'FISCAL_ST_CASHLESS_PERCENT',
] as const;

const isWhole = <Parts extends readonly (string | number | null)[]>(
  parts: Parts,
): parts is Parts & { readonly [Index in keyof Parts]: NonNullable<Parts[Index]> } => !parts.includes(null);

/** Null when there is no register. Nothing that an accountant has to say is guessed. */
export function fiscalAccess(values: Values, given: GivenSettings, faults: string[]): FiscalAccess | null {
  wantTogether(TOGETHER, given, faults);
  const texts = [values.FISCAL_BASE_URL, values.FISCAL_API_KEY, values.FISCAL_TIN, values.FISCAL_FN_NUMBER] as const;
  const sold = [values.FISCAL_TAX_SYSTEM, values.FISCAL_ITEM_CODE, values.FISCAL_GOODS_NAME] as const;
  const vat = [values.FISCAL_VAT_CODE, values.FISCAL_VAT_PERCENT] as const;
  const cash = [values.FISCAL_ST_CASH_CODE, values.FISCAL_ST_CASH_PERCENT] as const;
  const cashless = [values.FISCAL_ST_CASHLESS_CODE, values.FISCAL_ST_CASHLESS_PERCENT] as const;
  if (!isWhole(texts) || !isWhole(sold) || !isWhole(vat) || !isWhole(cash) || !isWhole(cashless)) return null;
  const rate = ([code, percent]: readonly [number, number]) => ({ code, percent });
  const [baseUrl, apiKey, tin, fnNumber] = texts;
  const [taxSystem, itemCode, goodsName] = sold;
  return {
    baseUrl,
    apiKey,
    tin,
    fnNumber,
    parkFnNumbers: values.FISCAL_PARK_FN_NUMBERS ?? new Map(),
    terms: {
      taxSystem,
      itemCode,
      goodsName,
      vat: rate(vat),
      salesTaxInCash: rate(cash),
      salesTaxCashless: rate(cashless),
    },
    model: values.FISCAL_MODEL,
    version: values.FISCAL_VERSION,
    receiptUrl: values.FISCAL_RECEIPT_URL,
  };
}
