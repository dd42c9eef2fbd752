import type { Logger } from 'pino';
import type { OnBreaker } from '../infrastructure/breaker.ts';
import { createLogRegister } from '../infrastructure/fiscal-register/log-register.ts';
import { createVirtualRegister } from '../infrastructure/fiscal-register/virtual-register.ts';
import type { HttpFetch } from '../infrastructure/outgoing-http/http-fetch.ts';
import { SANDBOX_FISCAL } from '../infrastructure/provider-sandbox/fiscal-routes.ts';
import { SANDBOX_FISCAL_PATH, SANDBOX_RECEIPT_PATH } from '../infrastructure/provider-sandbox/start-sandbox.ts';
import type { Registers } from '../modules/fiscal/application/ports.ts';
import type { FiscalRegister } from '../modules/fiscal/contract.ts';
import type { Config } from './config.ts';
import type { FiscalAccess } from './settings/fiscal-access.ts';

/** How what is sold without a register is marked. */
const NO_REGISTER = 'none';

/** Registers, and whether the one that is asked can be. */
export type FiscalRegisters = Registers & { ready(): boolean };

type Needs = {
  readonly config: Config;
  readonly http: HttpFetch;
  readonly watchBreaker: (dependency: string) => OnBreaker;
  readonly log: Logger;
};

/** Codes and rates that mean nothing: only the sandbox takes them. */
function sandboxAccess({ mode, sandboxPort }: Config): FiscalAccess | null {
  if (mode !== 'demo') return null;
  const origin = `http://127.0.0.1:${sandboxPort}`;
  const { apiKey, tin, fnNumber } = SANDBOX_FISCAL;
  const [vat, salesTaxInCash, salesTaxCashless] = [1, 2, 3].map((code) => ({ code, percent: 0 })) as [Rate, Rate, Rate];
  return {
    baseUrl: `${origin}${SANDBOX_FISCAL_PATH}`,
    receiptUrl: `${origin}${SANDBOX_RECEIPT_PATH}`,
    apiKey,
    tin,
    fnNumber,
    parkFnNumbers: new Map(),
    model: 'SkyPark',
    version: '1',
    terms: { taxSystem: 0, itemCode: 0, goodsName: 'Входной билет', vat, salesTaxInCash, salesTaxCashless },
  };
}
type Rate = FiscalAccess['terms']['vat'];

/** For a number that was asked once and is configured no more: nothing is lost while it is gone. */
const gone: FiscalRegister = {
  issue: async () => ({ kind: 'failed', reason: 'no register is connected any more' }),
  openShift: async () => ({ kind: 'failed', reason: 'no register is connected any more' }),
  closeShift: async () => ({ kind: 'failed', reason: 'no register is connected any more' }),
  ready: () => false,
};

/** The register of the configuration, or the sandbox's; where there is neither, the log says so of every sale. */
export function createFiscalRegisters({ config, log, http, watchBreaker }: Needs): FiscalRegisters {
  const noRegister = createLogRegister((receipt) =>
    log.info({ receipt }, 'no fiscal receipt exists of this: no cash register is connected'),
  );
  const access = config.fiscal ?? sandboxAccess(config);
  const register =
    access === null ? gone : createVirtualRegister({ ...access, http, onBreaker: watchBreaker('fiscal_register') });
  return {
    numberFor: (parkId) => access?.parkFnNumbers.get(parkId) ?? access?.fnNumber ?? NO_REGISTER,
    of: (number) => (number === NO_REGISTER ? noRegister : register),
    terms: access?.terms ?? null,
    receiptBase: access?.receiptUrl ?? '',
    isTest: config.fiscal === null,
    ready: () => access === null || register.ready(),
  };
}

/** Of an installation that sells nothing. */
export const noRegisters: Registers = {
  numberFor: () => NO_REGISTER,
  of: () => gone,
  terms: null,
  receiptBase: '',
  isTest: false,
};
