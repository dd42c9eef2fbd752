import type { CacheTopic } from '../../../kernel/read-cache.ts';
import { defineEvent, type EventDefinition, type Travels } from '../../../kernel/event-definition.ts';
import type {
  CapacityAsked,
  CapacityCredited,
  CapacityGranted,
  CapacityRecalled,
  CapacityReturned,
  ReturnAsked,
  TicketActivated,
  TicketCancelled,
  TicketExpired,
  TicketHoldExpired,
  TicketLeftDay,
  TicketRefunded,
  TicketVoidDenied,
  VoidAsked,
  WaitlistOffered,
} from '../contract.ts';
import type { DayOpened, DayQuotaChanged } from '../domain/capacity.ts';
import type { CapacityTakenBack, CapacityWrittenOff } from '../domain/day-grants.ts';
import type { ShareFenced } from '../domain/park-share.ts';
import type { PassCancelled, PassIssued, PassVisitBooked, PassVisitMoved, PassVisitReturned } from '../domain/pass.ts';
import type { DayClosingStarted } from '../domain/day-closing.ts';
import type { PromoAllowanceGranted, PromoCodeChanged, PromoCodeCreated } from '../domain/promo-code.ts';
import type {
  TicketHeld,
  TicketHoldKept,
  TicketMoved,
  TicketMoveHeld,
  TicketMoveKept,
  TicketMoveLapsed,
  TicketMoveUndone,
} from '../domain/ticket-messages.ts';
import type { TicketSaleRemembered } from '../domain/remembered-sale.ts';
import type { TicketPaymentRefused } from '../domain/refused-payment.ts';
import type { WaitlistJoined, WaitlistLeft, WaitlistOfferAccepted } from '../domain/waitlist-entry.ts';

const CHILDREN = ['children.*.name', 'children.*.birthDate', 'children.*.age'];

/**
 * A park is told of the tickets and the days of its own, and tells of what it sells itself. Streams travel whole: whoever is
 * told of one event of a ticket is told of all.
 */
const TOLD_TO_THE_PARK = { down: 'its_park' } as const;
/** The park is asked or given something, or its gates have to hear that a ticket is good no more: it may not pass that over. */
const TO_BE_UNDERSTOOD = { ...TOLD_TO_THE_PARK, mustUnderstand: 1 } as const;
/** What the park tells of its share of a day is on the stream of its node alone. */
const TOLD_OF_ITS_SHARE: Travels = {
  up: {
    named: ({ author: { parkId, nodeId }, text }) => [`park-share:${parkId}/${text('date')}/${nodeId}`],
  },
};
const TOLD_BOTH_WAYS = { down: 'its_park', up: true } as const;

export const bookingEvents: readonly EventDefinition[] = [
  defineEvent<DayOpened>({ type: 'DayOpened', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<DayQuotaChanged>({ type: 'DayQuotaChanged', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<CapacityGranted>({ type: 'CapacityGranted', version: 1, travels: TO_BE_UNDERSTOOD }),
  defineEvent<CapacityTakenBack>({ type: 'CapacityTakenBack', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<CapacityWrittenOff>({ type: 'CapacityWrittenOff', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<ReturnAsked>({ type: 'ReturnAsked', version: 1, travels: TO_BE_UNDERSTOOD }),
  defineEvent<CapacityCredited>({ type: 'CapacityCredited', version: 1, travels: TOLD_OF_ITS_SHARE }),
  defineEvent<CapacityAsked>({ type: 'CapacityAsked', version: 1, travels: TOLD_OF_ITS_SHARE }),
  defineEvent<CapacityReturned>({ type: 'CapacityReturned', version: 1, travels: TOLD_OF_ITS_SHARE }),
  defineEvent<CapacityRecalled>({ type: 'CapacityRecalled', version: 1, travels: TOLD_OF_ITS_SHARE }),
  defineEvent<ShareFenced>({ type: 'ShareFenced', version: 1, travels: TOLD_OF_ITS_SHARE }),
  defineEvent<DayClosingStarted>({
    type: 'DayClosingStarted',
    version: 1,
    travels: TOLD_TO_THE_PARK,
    personal: { subject: 'closingId', fields: ['reason'] },
  }),
  defineEvent<TicketHeld>({
    type: 'TicketHeld',
    version: 3,
    travels: TOLD_BOTH_WAYS,
    personal: { subject: 'subjectId', fields: CHILDREN },
    upcasts: {
      // Only guests bought then, for money alone.
      1: (data) => ({ ...data, subjectId: data['userId'] ?? null, promo: null, tier: null, pointsSpent: 0 }),
      // There were no passes.
      2: (data) => ({ ...data, passId: null }),
    },
  }),
  defineEvent<TicketHoldKept>({ type: 'TicketHoldKept', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<TicketHoldExpired>({
    type: 'TicketHoldExpired',
    version: 2,
    travels: TOLD_TO_THE_PARK,
    upcasts: { 1: (data) => ({ ...data, userId: null, promo: null, pointsSpent: 0 }) },
  }),
  defineEvent<TicketPaymentRefused>({ type: 'TicketPaymentRefused', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<TicketActivated>({
    type: 'TicketActivated',
    version: 1,
    travels: TOLD_BOTH_WAYS,
    personal: { subject: 'subjectId', fields: ['admissionCode'] },
  }),
  defineEvent<TicketSaleRemembered>({
    type: 'TicketSaleRemembered',
    version: 1,
    travels: TOLD_TO_THE_PARK,
    personal: { subject: 'subjectId', fields: ['admissionCode'] },
  }),
  defineEvent<TicketCancelled>({
    type: 'TicketCancelled',
    version: 2,
    travels: { ...TO_BE_UNDERSTOOD, up: true },
    personal: { subject: 'subjectId', fields: ['reason'] },
    // Nobody could pay for a dearer day.
    upcasts: { 1: (data) => ({ ...data, difference: null }) },
  }),
  defineEvent<VoidAsked>({
    type: 'VoidAsked',
    version: 2,
    // A park that took a day that was moved for a ticket that was cancelled would let nobody in by it again.
    travels: { ...TO_BE_UNDERSTOOD, mustUnderstand: 2 },
    personal: { subject: 'subjectId', fields: ['reason'] },
    // Nobody asked because of a move.
    upcasts: { 1: (data) => data },
  }),
  defineEvent<TicketVoidDenied>({ type: 'TicketVoidDenied', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<TicketRefunded>({ type: 'TicketRefunded', version: 1, travels: TOLD_BOTH_WAYS }),
  defineEvent<TicketMoved>({
    type: 'TicketMoved',
    version: 3,
    travels: TO_BE_UNDERSTOOD,
    personal: { subject: 'subjectId', fields: [...CHILDREN, 'admissionCode'] },
    // Days that cost no more, with everything that was taken off before.
    upcasts: {
      1: (data) => ({ ...data, difference: null, returnedPromo: null, pointsSpent: null, placesFrom: 'free' }),
      // Nobody was asked.
      2: (data) => ({ ...data, leaving: null }),
    },
  }),
  defineEvent<TicketLeftDay>({ type: 'TicketLeftDay', version: 1, travels: TO_BE_UNDERSTOOD }),
  defineEvent<TicketMoveUndone>({
    type: 'TicketMoveUndone',
    version: 1,
    travels: TO_BE_UNDERSTOOD,
    personal: { subject: 'subjectId', fields: [...CHILDREN, 'admissionCode'] },
  }),
  defineEvent<TicketMoveHeld>({
    type: 'TicketMoveHeld',
    version: 1,
    travels: TOLD_TO_THE_PARK,
    personal: { subject: 'subjectId', fields: CHILDREN },
  }),
  defineEvent<TicketMoveKept>({ type: 'TicketMoveKept', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<TicketMoveLapsed>({ type: 'TicketMoveLapsed', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<TicketExpired>({ type: 'TicketExpired', version: 1, travels: TOLD_BOTH_WAYS }),
  defineEvent<WaitlistJoined>({
    type: 'WaitlistJoined',
    version: 1,
    personal: { subject: 'userId', fields: CHILDREN },
  }),
  defineEvent<WaitlistOffered>({ type: 'WaitlistOffered', version: 1 }),
  defineEvent<WaitlistOfferAccepted>({ type: 'WaitlistOfferAccepted', version: 1 }),
  defineEvent<WaitlistLeft>({ type: 'WaitlistLeft', version: 1 }),
  defineEvent<PassIssued>({ type: 'PassIssued', version: 1 }),
  defineEvent<PassVisitBooked>({ type: 'PassVisitBooked', version: 1 }),
  defineEvent<PassVisitMoved>({ type: 'PassVisitMoved', version: 1 }),
  defineEvent<PassVisitReturned>({ type: 'PassVisitReturned', version: 1 }),
  defineEvent<PassCancelled>({
    type: 'PassCancelled',
    version: 1,
    personal: { subject: 'userId', fields: ['reason'] },
  }),
  defineEvent<PromoCodeCreated>({ type: 'PromoCodeCreated', version: 1 }),
  defineEvent<PromoCodeChanged>({ type: 'PromoCodeChanged', version: 1 }),
  defineEvent<PromoAllowanceGranted>({ type: 'PromoAllowanceGranted', version: 1 }),
];

/** How many places of a day are left. */
export const placesTopic: CacheTopic = {
  name: 'places',
  eventTypes: bookingEvents.map(({ type }) => type),
  isShared: false,
};
