import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import { formatSom } from '../kernel/money.ts';
import type { PeopleAdmitted } from '../modules/admission/contract.ts';
import type { TicketActivated, TicketCancelled, TicketExpired, TicketRefunded } from '../modules/booking/contract.ts';
import type { OutsideFact } from '../modules/office/contract.ts';
import type { PaymentSucceeded, RefundSucceeded } from '../modules/payment/contract.ts';

type Told = Pick<OutsideFact, 'topic' | 'data'>;

type Translations = {
  readonly [Type in Known['type']]: (data: Extract<Known, { readonly type: Type }>['data']) => Told;
};
type Known =
  | TicketActivated
  | TicketCancelled
  | TicketRefunded
  | TicketExpired
  | PeopleAdmitted
  | PaymentSucceeded
  | RefundSucceeded;

/** What others are told of our events: ids and figures under names that stay. */
const TRANSLATIONS: Translations = {
  TicketActivated: ({ ticketId, visitDate, places, paymentId, paidTyiyn }) => ({
    topic: 'ticket.activated',
    data: {
      ticket_id: ticketId,
      visit_date: visitDate,
      people: places,
      payment_id: paymentId,
      paid: formatSom(paidTyiyn),
    },
  }),
  TicketCancelled: ({ ticketId, visitDate, places, why, paidTyiyn }) => ({
    topic: 'ticket.cancelled',
    data: { ticket_id: ticketId, visit_date: visitDate, people: places, why, paid: formatSom(paidTyiyn) },
  }),
  TicketRefunded: ({ ticketId, visitDate, refundId }) => ({
    topic: 'ticket.refunded',
    data: { ticket_id: ticketId, visit_date: visitDate, refund_id: refundId },
  }),
  TicketExpired: ({ ticketId, visitDate, places }) => ({
    topic: 'ticket.expired',
    data: { ticket_id: ticketId, visit_date: visitDate, people: places },
  }),
  PeopleAdmitted: ({ ticketId, visitDate, people, remaining }) => ({
    topic: 'visit.admitted',
    data: { ticket_id: ticketId, visit_date: visitDate, people, remaining },
  }),
  PaymentSucceeded: ({ paymentId, ticketId, amountTyiyn, currency }) => ({
    topic: 'payment.succeeded',
    data: { payment_id: paymentId, ticket_id: ticketId, amount: formatSom(amountTyiyn), currency },
  }),
  RefundSucceeded: ({ refundId, paymentId, ticketId, amountTyiyn }) => ({
    topic: 'refund.succeeded',
    data: { refund_id: refundId, payment_id: paymentId, ticket_id: ticketId, amount: formatSom(amountTyiyn) },
  }),
};

const isKnown = (event: Recorded): event is Recorded<Known> => Object.hasOwn(TRANSLATIONS, event.type);

/** Tells other systems what happened here. Harmless to repeat: they are told each event once, by its id. */
export const createTellOutsideFlow = (tellOutside: (fact: OutsideFact) => Promise<void>): Flow => ({
  name: 'flow.tell-outside',
  eventTypes: Object.keys(TRANSLATIONS),
  async handle(event) {
    if (!isKnown(event)) return;
    const { id, occurredAtMs, parkId } = event.meta;
    const translate = TRANSLATIONS[event.type] as (data: Known['data']) => Told;
    const ofData = 'parkId' in event.data ? event.data.parkId : null;
    await tellOutside({ eventId: id, parkId: parkId ?? ofData, occurredAtMs, ...translate(event.data) });
  },
});
