import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { assert } from '../../kernel/assert.ts';
import type { Journal } from './journal.ts';

const sum = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 });
const code = Type.Integer({ minimum: 0, maximum: 1000 });

/** A receipt as the cloud register takes it; all sums are whole tyiyn. */
export const ReceiptBody = Type.Object(
  {
    uuid: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    fnNumber: Type.String({ pattern: '^[0-9]{16}$' }),
    goods: Type.Array(
      Type.Object(
        {
          calcItemAttributeCode: code,
          name: Type.String({ minLength: 1, maxLength: 256 }),
          price: sum,
          quantity: Type.Integer({ minimum: 1, maximum: 1000 }),
          cost: sum,
          st: code,
          vat: code,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
    taxSums: Type.Array(
      Type.Object(
        { type: Type.Union([Type.Literal('ST'), Type.Literal('VAT')]), code, sum },
        { additionalProperties: false },
      ),
      { minItems: 2, maxItems: 2 },
    ),
    taxSystem: code,
    totalCashSum: sum,
    totalCashlessSum: sum,
    totalSum: Type.Integer({ minimum: 1 }),
    operation: Type.Union([Type.Literal('INCOME'), Type.Literal('INCOME_RETURN')]),
    originFnSerialNumber: Type.Optional(Type.String()),
    originFdNumber: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type ReceiptBody = Readonly<Static<typeof ReceiptBody>>;

const IssuedLine = Type.Object({
  type: Type.Literal('issued'),
  body: ReceiptBody,
  fdNumber: Type.Integer(),
  sign: Type.String(),
  shiftNumber: Type.Integer(),
  atMs: Type.Integer(),
});
const ShiftLine = Type.Object({
  type: Type.Union([Type.Literal('opened'), Type.Literal('closed')]),
  fnNumber: Type.String(),
  fdNumber: Type.Integer(),
  atMs: Type.Integer(),
});
const BookLine = Compile(Type.Union([IssuedLine, ShiftLine]));

export type IssuedReceipt = Readonly<Omit<Static<typeof IssuedLine>, 'type'>>;

type Module = { documents: number; shifts: number; openedAtMs: number | null };

/** Every document of the sandbox's fiscal modules. Nothing is answered before it is on the disk. */
export type FiscalBook = {
  /** When the open shift of a module was opened; null when none is. */
  shiftOf(fnNumber: string): number | null;
  changeShift(fnNumber: string, change: 'opened' | 'closed', atMs: number): Promise<number>;
  issue(body: ReceiptBody, sign: string, atMs: number): Promise<IssuedReceipt>;
  byUuid(uuid: string): IssuedReceipt | null;
  byNumber(fnNumber: string, fdNumber: number): IssuedReceipt | null;
  /** What returns have taken back of a sale. */
  returnedOf(sale: IssuedReceipt): number;
};

/** @throws BrokenInvariant on a journal line of unknown shape */
export function createFiscalBook(journal: Journal, lines: readonly unknown[]): FiscalBook {
  const receipts = new Map<string, IssuedReceipt>();
  const modules = new Map<string, Module>();

  const moduleOf = (fnNumber: string): Module => {
    const known = modules.get(fnNumber) ?? { documents: 0, shifts: 0, openedAtMs: null };
    modules.set(fnNumber, known);
    return known;
  };
  function apply(line: unknown): void {
    assert(BookLine.Check(line), `unknown journal line ${JSON.stringify(line)}`);
    const fiscal = moduleOf(line.type === 'issued' ? line.body.fnNumber : line.fnNumber);
    fiscal.documents = line.fdNumber;
    if (line.type === 'issued') {
      const { type: _type, ...receipt } = line;
      receipts.set(receipt.body.uuid, receipt);
    } else {
      fiscal.openedAtMs = line.type === 'opened' ? line.atMs : null;
      if (line.type === 'opened') fiscal.shifts += 1;
    }
  }
  /** Memory first, so that two requests cannot get one number; the answer waits for the disk. */
  async function record(line: object): Promise<void> {
    apply(line);
    await journal.append(line);
  }

  for (const line of lines) apply(line);
  return {
    shiftOf: (fnNumber) => moduleOf(fnNumber).openedAtMs,
    async changeShift(fnNumber, type, atMs) {
      const fdNumber = moduleOf(fnNumber).documents + 1;
      await record({ type, fnNumber, fdNumber, atMs });
      return fdNumber;
    },
    async issue(body, sign, atMs) {
      const { documents, shifts } = moduleOf(body.fnNumber);
      const receipt = { body, fdNumber: documents + 1, sign, shiftNumber: shifts, atMs };
      await record({ type: 'issued', ...receipt });
      return receipt;
    },
    byUuid: (uuid) => receipts.get(uuid) ?? null,
    byNumber: (fnNumber, fdNumber) =>
      [...receipts.values()].find((one) => one.body.fnNumber === fnNumber && one.fdNumber === fdNumber) ?? null,
    returnedOf: ({ body: { fnNumber }, fdNumber }) =>
      [...receipts.values()]
        .filter(({ body }) => body.originFnSerialNumber === fnNumber && body.originFdNumber === fdNumber)
        .reduce((total, { body }) => total + body.totalSum, 0),
  };
}
