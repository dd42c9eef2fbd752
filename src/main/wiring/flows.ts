import type { Flow } from '../../kernel/flow.ts';
import { createEarnPointsFlow } from '../../flows/earn-points.ts';
import { createFiscalReceiptsFlow } from '../../flows/fiscal-receipts.ts';
import { createForgetGuestFlow } from '../../flows/forget-guest.ts';
import { createForgetGateCardsFlow } from '../../flows/forget-gate-cards.ts';
import { createForgetPicturesFlow } from '../../flows/forget-pictures.ts';
import { createNotifyGuestsFlow } from '../../flows/notify-guests.ts';
import { createPointsOfTicketsFlow } from '../../flows/points-of-tickets.ts';
import { createFollowQuotaFlow } from '../../flows/follow-quota.ts';
import { createPurchaseFlow } from '../../flows/purchase.ts';
import { createGrantsFlow, createRecallFlow, createShareFlow } from '../../flows/shares.ts';
import { createRefundFlow } from '../../flows/refund.ts';
import { createAnswerVoidsFlow, createFinishVoidsFlow, createInheritVoidsFlow } from '../../flows/voids.ts';
import { createTellOutsideFlow } from '../../flows/tell-outside.ts';
import type { DomainModules, Tools } from './tools.ts';

/** Ids of the events that told of money besides the price of a payment. */
const misfitsIn =
  (store: Tools['store']) =>
  async (paymentId: string): Promise<readonly string[]> =>
    (await store.load(paymentId)).events.filter(({ type }) => type === 'PaymentMismatched').map(({ id }) => id);

/** A ticket that this node sold: of what others say that they sold nothing is known but their word. */
const soldHere =
  ({ nodeId, store }: Pick<Tools, 'nodeId' | 'store'>, booking: DomainModules['booking']) =>
  async (ticketId: string, visitDate: string) => {
    const [first] = (await store.load(ticketId)).events;
    const ticket = first?.nodeId === nodeId ? await booking.ticketFacts.byId(ticketId) : null;
    if (ticket === null) return null;
    return { ...ticket, ownerId: ticket.userId, paidTyiyn: await booking.paidFor(ticketId, visitDate) };
  };

/** What joins the modules. The order means nothing: each flow reads the log by itself. */
export const wireFlows = (
  { nodeId, ids, store, files }: Tools,
  { park, booking, admission, payment, loyalty, fiscal, office, user, notify }: DomainModules,
): readonly Flow[] => [
  createPurchaseFlow({ ids, settleTicket: booking.settleTicket, requestRefund: payment.requestRefund }),
  createRefundFlow({
    ids,
    requestRefund: payment.requestRefund,
    lastRefundOf: payment.lastRefundOf,
    markRefunded: booking.markRefunded,
    paymentsOf: booking.paymentsOf,
  }),
  createForgetGuestFlow({ finishErasure: user.finishErasure, deleteFile: (key) => files.delete(key) }),
  createForgetGateCardsFlow({
    ticketsOf: (userId) => booking.guestRecords.counts.ticketIds(userId),
    forgetCards: async (ticketIds) => admission.gateCards?.forget(ticketIds),
  }),
  createForgetPicturesFlow(park),
  createFollowQuotaFlow({ datesOnSale: park.datesOnSale, followQuotas: booking.followQuotas }),
  createAnswerVoidsFlow(admission),
  createFinishVoidsFlow(booking),
  createInheritVoidsFlow({ openQuestions: booking.openQuestions, answerVoid: admission.answerVoid }),
  createGrantsFlow(booking.shares),
  createShareFlow(booking.shares),
  createRecallFlow({ nodeId, recallTickets: booking.shares.recallTickets }),
  createEarnPointsFlow({
    ids,
    soldHere: soldHere({ nodeId, store }, booking),
    earnPoints: loyalty.earnPoints,
  }),
  createPointsOfTicketsFlow({
    ids,
    ownerOf: async (ticketId) => (await booking.ticketFacts.byId(ticketId))?.userId ?? null,
    misfitsOf: misfitsIn(store),
    returnPoints: loyalty.returnPoints,
    reversePoints: loyalty.reversePoints,
  }),
  createFiscalReceiptsFlow({
    ids,
    wantSale: fiscal.wantReceipts.sale,
    wantReturn: fiscal.wantReceipts.refund,
    misfitsOf: misfitsIn(store),
  }),
  createTellOutsideFlow(office.tellOutside),
  createNotifyGuestsFlow({
    notifyGuest: notify.notifyGuest,
    ownerOf: async (ticketId) => (await booking.ticketFacts.byId(ticketId))?.userId ?? null,
  }),
];
