import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { WireTyiyn } from '../wire-tyiyn.ts';

const id = Type.String({ minLength: 1, maxLength: 128 });
const instantMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const amount = Type.Unsafe<WireTyiyn>(Type.Integer({ minimum: 0, maximum: 999_999_999_999 }));

const Registered = Compile(Type.Object({ orderId: id, formUrl: Type.String({ maxLength: 2_048 }) }));
const Refusal = Compile(Type.Object({ errorCode: Type.String({ maxLength: 20 }) }));
const OrderAnswer = Type.Object({
  errorCode: Type.Literal('0'),
  orderNumber: Type.String(),
  orderStatus: Type.Integer(),
  actionCode: Type.Optional(Type.Integer()),
  currency: Type.String({ maxLength: 3 }),
  authDateTime: Type.Optional(instantMs),
  authRefNum: Type.Optional(id),
  attributes: Type.Optional(Type.Array(Type.Object({ name: Type.String(), value: Type.String() }))),
  paymentAmountInfo: Type.Optional(Type.Object({ depositedAmount: amount })),
  refunds: Type.Optional(Type.Array(Type.Object({ externalRefundId: Type.Optional(Type.String()), amount }))),
});
const Order = Compile(OrderAnswer);

export type OrderAnswer = Static<typeof OrderAnswer>;

export const isRegistered = (body: unknown): body is { readonly orderId: string; readonly formUrl: string } =>
  Registered.Check(body);

/** An answer with a code: `0` is success, all others say that nothing was done. */
export const isRefusal = (body: unknown): body is { readonly errorCode: string } => Refusal.Check(body);

export const isOrderAnswer = (body: unknown): body is OrderAnswer => Order.Check(body);

export const orderIdOf = ({ attributes = [] }: OrderAnswer): string | null =>
  attributes.find(({ name }) => name === 'mdOrder')?.value ?? null;
