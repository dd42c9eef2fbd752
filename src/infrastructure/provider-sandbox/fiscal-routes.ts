import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { MS_A_DAY, PARKS_TIME_ZONE, type Clock } from '../../kernel/time.ts';
import { parseJson } from '../payment-providers/finik/canonical-json.ts';
import { ReceiptBody, type FiscalBook, type IssuedReceipt } from './fiscal-book.ts';
import { problem } from './problem.ts';
import { bodyOf } from './raw-body.ts';

/** Who may use the register, and what is registered at it. No secret: the sandbox listens on loopback only. */
export const SANDBOX_FISCAL = {
  apiKey: 'sandbox',
  fnNumber: '0000000000000001',
  registerNumber: '0000000000000009',
  tin: '00000000000000',
} as const;

const FAULTS = ['refuse', 'http_500', 'lose_request', 'lose_answer', 'no_operator'] as const;
type Fault = (typeof FAULTS)[number];

type Options = { readonly book: FiscalBook; readonly clock: Clock };

const ReceiptCheck = Compile(ReceiptBody);

const refusal = (reason: string): object => ({ operatorResponse: { fields: { 1210: reason } } });

const TIME = new Intl.DateTimeFormat('en-US', {
  timeZone: PARKS_TIME_ZONE,
  weekday: 'short',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  year: 'numeric',
});

/** As the register writes it: `Tue Dec 01 12:05:09 KGT 2026`. */
function registerTime(atMs: number): string {
  const part = Object.fromEntries(TIME.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return `${part['weekday']} ${part['month']} ${part['day']} ${part['hour']}:${part['minute']}:${part['second']} KGT ${part['year']}`;
}

/** Why a receipt is refused; null when it is good. */
function faultOf(body: ReceiptBody, book: FiscalBook, nowMs: number): string | null {
  const openedAtMs = book.shiftOf(body.fnNumber);
  if (openedAtMs === null) return 'the shift is not open';
  if (nowMs - openedAtMs > MS_A_DAY) return 'the shift is older than 24 hours';
  const isExact = body.goods.every(({ price, quantity, cost }) => cost > 0 && price * quantity === cost);
  const cost = body.goods.reduce((total, good) => total + good.cost, 0);
  if (!isExact || cost !== body.totalSum || body.totalCashSum + body.totalCashlessSum !== body.totalSum)
    return 'the sums do not add up';
  const [st, vat] = (['ST', 'VAT'] as const).map((type) => body.taxSums.find((tax) => tax.type === type));
  if (st === undefined || vat === undefined || st.sum + vat.sum >= body.totalSum) return 'the taxes are wrong';
  if (body.goods.some((good) => good.st !== st.code || good.vat !== vat.code)) return 'the codes of taxes differ';
  return originFault(body, book);
}

function originFault(body: ReceiptBody, book: FiscalBook): string | null {
  const { operation, originFnSerialNumber, originFdNumber } = body;
  const hasOrigin = originFnSerialNumber !== undefined && originFdNumber !== undefined;
  if (operation === 'INCOME') return hasOrigin ? 'a sale has no origin' : null;
  const origin = hasOrigin ? book.byNumber(originFnSerialNumber, originFdNumber) : null;
  if (origin?.body.operation !== 'INCOME') return 'the sale that is taken back is not known';
  const left = origin.body.totalSum - book.returnedOf(origin);
  return body.totalSum > left ? 'more is taken back than was sold' : null;
}

const operationType = ({ body }: IssuedReceipt): number => (body.operation === 'INCOME' ? 1 : 2);

const tagsOf = (receipt: IssuedReceipt): object => ({
  1012: registerTime(receipt.atMs),
  1020: receipt.body.totalSum,
  1037: SANDBOX_FISCAL.registerNumber,
  1038: receipt.shiftNumber,
  1040: receipt.fdNumber,
  1041: receipt.body.fnNumber,
  1054: operationType(receipt),
  1077: receipt.sign,
});

/** A receipt in the shape in which the tax service shows it. */
const shown = (receipt: IssuedReceipt): object => ({
  sandbox: true,
  notice: 'This is a receipt of a sandbox. It is no fiscal receipt.',
  type: 3,
  dataFormatVersion: 2,
  dateTime: new Date(receipt.atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  tin: SANDBOX_FISCAL.tin,
  fnSerialNumber: receipt.body.fnNumber,
  crRegisterNumber: SANDBOX_FISCAL.registerNumber,
  fdNumber: receipt.fdNumber,
  documentFiscalMark: BigInt(`0x${receipt.sign}`).toString(),
  crData: { shiftNumber: receipt.shiftNumber, locationName: 'Sky Park (sandbox)', locationAddress: 'Bishkek' },
  errors: {},
  ticketTotalSum: receipt.body.totalSum,
  ticketTotalCashSum: receipt.body.totalCashSum,
  ticketTotalCashlessSum: receipt.body.totalCashlessSum,
  operationType: operationType(receipt),
  items: receipt.body.goods.map(({ name, quantity, price, cost }) => {
    return { goodName: name, goodQuantity: quantity, goodPrice: price, goodCost: cost };
  }),
});

const jsonOf = (request: FastifyRequest): unknown => parseJson(bodyOf(request).toString('utf8'));

const isClient = ({ headers }: FastifyRequest): boolean =>
  headers['api-key'] === SANDBOX_FISCAL.apiKey && Boolean(headers['ccrmodel']) && Boolean(headers['ccrversion']);

/**
 * A cloud register for one tax payer: shifts, receipts (each uuid once; another body under it is refused), and the tax service's
 * page about a receipt. It can be told what to do wrong: `POST /fiscal/faults {"next": ["http_500"]}`, one for each receipt to come.
 */
export function fiscalRoutes(server: FastifyInstance, { book, clock }: Options): void {
  let faults: Fault[] = [];
  const base = '/fiscal/api/service-api/cash-register';

  server.post('/fiscal/faults', async (request, reply) => {
    const next = (jsonOf(request) as { next?: unknown } | null)?.next;
    const isGood = Array.isArray(next) && next.every((word) => FAULTS.some((fault) => fault === word));
    if (!isGood) return problem(reply, 400, 'bad_faults', `next is a list of ${FAULTS.join(', ')}`);
    faults = [...(next as Fault[])];
    return reply.code(204).send();
  });

  for (const change of ['open', 'close'] as const) {
    server.post(`${base}/shift/${change}`, async (request, reply): Promise<FastifyReply> => {
      if (!isClient(request)) return problem(reply, 401, 'unknown_client', 'The headers name no client.');
      const fnNumber = (jsonOf(request) as { fnNumber?: unknown } | null)?.fnNumber;
      if (fnNumber !== SANDBOX_FISCAL.fnNumber) return reply.send(refusal('the fiscal module is not known'));
      const isOpen = book.shiftOf(fnNumber) !== null;
      if (isOpen === (change === 'open'))
        return reply.send(refusal(`the shift is ${isOpen ? 'open' : 'closed'} already`));
      const fdNumber = await book.changeShift(fnNumber, change === 'open' ? 'opened' : 'closed', clock.now());
      return reply.send({ fields: { 1040: fdNumber, 1041: fnNumber }, operatorResponse: { fields: {} } });
    });
  }

  async function issue(body: unknown): Promise<object> {
    if (!ReceiptCheck.Check(body)) return refusal('a field is missing or wrong');
    if (body.fnNumber !== SANDBOX_FISCAL.fnNumber) return refusal('the fiscal module is not known');
    const known = book.byUuid(body.uuid);
    if (known !== null && JSON.stringify(known.body) !== JSON.stringify(body))
      return refusal('the uuid has another receipt');
    const fault = known === null ? faultOf(body, book, clock.now()) : null;
    if (fault !== null) return refusal(fault);
    const receipt = known ?? (await book.issue(body, randomBytes(6).toString('hex'), clock.now()));
    return { fields: tagsOf(receipt), operatorResponse: { fields: {} } };
  }

  server.post(`${base}/receipt`, async (request, reply): Promise<FastifyReply> => {
    if (!isClient(request)) return problem(reply, 401, 'unknown_client', 'The headers name no client.');
    const fault = faults.shift();
    if (fault === 'refuse') return reply.send(refusal('told to refuse'));
    if (fault === 'http_500') return problem(reply, 500, 'internal', 'Told to fail.');
    if (fault === 'lose_request') return (reply.hijack(), request.raw.socket.destroy(), reply);
    const answer = await issue(jsonOf(request));
    if (fault === 'lose_answer') return (reply.hijack(), request.raw.socket.destroy(), reply);
    return reply.send(fault === 'no_operator' ? { ...answer, operatorResponse: null } : answer);
  });

  type Ticket = { Querystring: Readonly<Record<string, string | undefined>> };
  server.get<Ticket>('/tax-web-control/client/api/v1/ticket', async ({ query }, reply) => {
    const receipt = book.byNumber(query['fn_number'] ?? '', Number(query['fd_number']));
    const isThis =
      receipt !== null &&
      query['tin'] === SANDBOX_FISCAL.tin &&
      query['fm'] === BigInt(`0x${receipt.sign}`).toString() &&
      query['sum'] === String(receipt.body.totalSum);
    return isThis ? reply.send(shown(receipt)) : problem(reply, 404, 'not_found', 'There is no such receipt.');
  });
}
