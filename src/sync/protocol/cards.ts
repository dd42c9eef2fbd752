import { Type } from 'typebox';
import { nullable, oneOf } from '../../infrastructure/http/schemas.ts';
import { count, id, nonce, signature, text } from './messages.ts';

/** Most tickets whose cards are asked for at a time. */
export const MOST_CARDS = 500;

/** What a park asks for besides the log: who works there, and whom its gates look for. */
export const CardsRequest = Type.Object({
  nonce: nonce(),
  /** Of which tickets gate cards are wanted. */
  tickets: Type.Array(id(), { maxItems: MOST_CARDS }),
});

const staffCard = () =>
  Type.Object({
    userId: id(),
    phone: text(20),
    name: text(200),
    language: oneOf(['ru', 'ky', 'en']),
    passwordHash: text(300),
    /** Null: there is none. Absent: a program that knows of none, so a park keeps what it was told before. */
    totpSecret: Type.Optional(nullable(text(60))),
    roles: Type.Array(oneOf(['gate', 'manager', 'finance', 'admin'])),
  });

export const CardsAnswer = Type.Object({
  nonce: nonce(),
  /** The whole list, in place of the one before. */
  staff: Type.Object({
    version: Type.Object({ incarnation: id(), position: count() }),
    cards: Type.Array(staffCard()),
  }),
  gateCards: Type.Array(
    Type.Object({
      ticketId: id(),
      children: Type.Array(Type.Object({ firstName: nullable(text(200)), ageBand: text(10) })),
    }),
  ),
  signature: signature(),
});
