import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { IssuedDocument, ReceiptRequest } from '../../modules/fiscal/contract.ts';

/** Numbers of the tags in an answer. */
const TAG = {
  time: '1012',
  total: '1020',
  registerNumber: '1037',
  document: '1040',
  module: '1041',
  operation: '1054',
  sign: '1077',
  error: '1210',
} as const;

const SALE = '1';

const Fields = Type.Record(Type.String(), Type.Unknown());
const isAnswer = Compile(
  Type.Object({
    fields: Type.Optional(Fields),
    operatorResponse: Type.Optional(Type.Union([Type.Null(), Type.Object({ fields: Type.Optional(Fields) })])),
  }),
);

/** What a cloud register is sent for one receipt; all sums are whole tyiyn. */
export function toWire({ receiptId, register, totalTyiyn, isCash, document, origin }: ReceiptRequest): object {
  const codeOf = (type: 'ST' | 'VAT') => document.taxes.find((tax) => tax.type === type)?.code;
  const total = Number(totalTyiyn);
  return {
    uuid: receiptId,
    fnNumber: register,
    goods: document.goods.map(({ name, quantity, priceTyiyn, costTyiyn }) => ({
      calcItemAttributeCode: document.itemCode,
      name,
      price: Number(priceTyiyn),
      quantity,
      cost: Number(costTyiyn),
      st: codeOf('ST'),
      vat: codeOf('VAT'),
    })),
    taxSums: document.taxes.map(({ type, code, sumTyiyn }) => ({ type, code, sum: Number(sumTyiyn) })),
    taxSystem: document.taxSystem,
    totalCashSum: isCash ? total : 0,
    totalCashlessSum: isCash ? 0 : total,
    totalSum: total,
    operation: origin === null ? 'INCOME' : 'INCOME_RETURN',
    ...(origin === null ? {} : { originFnSerialNumber: origin.fnNumber, originFdNumber: Number(origin.fdNumber) }),
  };
}

type Tags = Readonly<Record<string, string>>;

function tagsOf(fields: Readonly<Record<string, unknown>>): Tags {
  const texts = Object.entries(fields).flatMap(([tag, value]): [string, string][] => {
    if (typeof value === 'string' || typeof value === 'number') return [[tag, String(value)]];
    return value === null || value === undefined ? [] : [[tag, JSON.stringify(value)]];
  });
  return Object.fromEntries(texts);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) (?:[A-Z]{3,4} )?(\d{4})$/;

/** `Tue Dec 01 12:05:09 KGT 2026` → `20261201T120509`: the clock of the register, whatever ours says. */
function localTimeOf(text: string): string | null {
  const [, month = '', day, hours, minutes, seconds, year] = TIME.exec(text) ?? [];
  const index = MONTHS.indexOf(month);
  return index < 0 ? null : `${year}${String(index + 1).padStart(2, '0')}${day}T${hours}${minutes}${seconds}`;
}

/** The sign is hexadecimal in the answer and decimal on receipts. */
const decimalOf = (hex: string): string | null =>
  /^[0-9a-f]{1,32}$/i.test(hex) ? BigInt(`0x${hex}`).toString() : null;

export type Reading =
  | { readonly kind: 'acknowledged'; readonly tags: Tags }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string };

/** Whether a register and its operator did what was asked; a tag of an error says no, and so does a missing half. */
export function readAnswer(body: unknown): Reading {
  if (!isAnswer.Check(body)) return { kind: 'failed', reason: 'the register answered what we do not understand' };
  const { fields, operatorResponse } = body;
  const told = tagsOf({ ...fields, ...operatorResponse?.fields })[TAG.error];
  if (told !== undefined) return { kind: 'refused', reason: `the register refused: ${told.slice(0, 200)}` };
  if (fields === undefined) return { kind: 'refused', reason: 'the register refused and did not say why' };
  return operatorResponse === undefined || operatorResponse === null
    ? { kind: 'failed', reason: 'the operator of fiscal data has not acknowledged it yet' }
    : { kind: 'acknowledged', tags: tagsOf(fields) };
}

/** The document in an answer, when it is the one that was asked for; null when it is another one or lacks something. */
export function issuedIn(tags: Tags, request: ReceiptRequest, tin: string): IssuedDocument | null {
  const { [TAG.document]: fdNumber, [TAG.module]: fnNumber, [TAG.registerNumber]: registerNumber } = tags;
  const { [TAG.operation]: operationType, [TAG.total]: total } = tags;
  const localTime = localTimeOf(tags[TAG.time] ?? '');
  const fiscalSign = decimalOf(tags[TAG.sign] ?? '');
  if (fdNumber === undefined || registerNumber === undefined || operationType === undefined) return null;
  if (localTime === null || fiscalSign === null || fnNumber !== request.register) return null;
  const isAsked = total === request.totalTyiyn.toString() && (operationType === SALE) === (request.origin === null);
  return isAsked ? { fnNumber, fdNumber, fiscalSign, registerNumber, tin, operationType, localTime, tags } : null;
}
