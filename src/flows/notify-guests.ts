import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { PhoneVerified, RoleGranted, RoleRevoked } from '../modules/auth/contract.ts';
import type {
  TicketActivated,
  TicketCancelled,
  TicketHoldExpired,
  TicketMoved,
  TicketMoveUndone,
  TicketVoidDenied,
  WaitlistOffered,
} from '../modules/booking/contract.ts';
import type { Notice, NotifyGuest } from '../modules/notify/contract.ts';
import type { RefundSucceeded } from '../modules/payment/contract.ts';

export type NotifyPorts = {
  readonly notifyGuest: NotifyGuest;
  /** Whose ticket it is; null for one sold at the desk. */
  readonly ownerOf: (ticketId: string) => Promise<string | null>;
};

type Known =
  | PhoneVerified
  | RoleGranted
  | RoleRevoked
  | TicketActivated
  | TicketHoldExpired
  | TicketCancelled
  | TicketMoved
  | TicketMoveUndone
  | TicketVoidDenied
  | WaitlistOffered
  | RefundSucceeded;
type Told = { readonly userId: string | null; readonly notice: Notice };
type Readers = {
  readonly [Type in Known['type']]: (
    data: Extract<Known, { readonly type: Type }>['data'],
    ports: NotifyPorts,
  ) => Told | Promise<Told>;
};

const READERS: Readers = {
  PhoneVerified: ({ userId }) => ({ userId, notice: { kind: 'phone_verified' } }),
  RoleGranted: ({ userId }) => ({ userId, notice: { kind: 'roles_changed' } }),
  RoleRevoked: ({ userId }) => ({ userId, notice: { kind: 'roles_changed' } }),
  TicketActivated: ({ userId, parkId, visitDate, places }) => ({
    userId,
    notice: { kind: 'ticket_paid', parkId, visitDate, people: places },
  }),
  TicketHoldExpired: ({ userId, parkId, visitDate }) => ({
    userId,
    notice: { kind: 'hold_expired', parkId, visitDate },
  }),
  TicketCancelled: ({ userId, parkId, visitDate, paidTyiyn, why }) => ({
    userId,
    notice: {
      kind: why === 'day_closed' ? 'day_cancelled' : 'ticket_cancelled',
      parkId,
      visitDate,
      refundTyiyn: paidTyiyn,
    },
  }),
  TicketVoidDenied: ({ userId, parkId, visitDate }) => ({
    userId,
    notice: { kind: 'cancel_denied', parkId, visitDate },
  }),
  TicketMoved: ({ userId, parkId, visitDate, fromDate }) => ({
    userId,
    notice: { kind: 'ticket_moved', parkId, visitDate, fromDate },
  }),
  TicketMoveUndone: ({ userId, parkId, visitDate, fromDate }) => ({
    userId,
    notice: { kind: 'move_undone', parkId, visitDate, fromDate },
  }),
  WaitlistOffered: ({ userId, parkId, visitDate, untilMs }) => ({
    userId,
    notice: { kind: 'place_offered', parkId, visitDate, untilMs },
  }),
  RefundSucceeded: async ({ ticketId, amountTyiyn }, { ownerOf }) => ({
    userId: await ownerOf(ticketId),
    notice: { kind: 'money_returned', amountTyiyn },
  }),
};

const isKnown = (event: Recorded): event is Recorded<Known> => Object.hasOwn(READERS, event.type);

/** Tells guests what happened to their tickets and their money, once an event. */
export const createNotifyGuestsFlow = (ports: NotifyPorts): Flow => ({
  name: 'flow.notify-guests',
  eventTypes: Object.keys(READERS),
  async handle(event) {
    if (!isKnown(event)) return;
    const read = READERS[event.type] as (data: Known['data'], ports: NotifyPorts) => Told | Promise<Told>;
    const { userId, notice } = await read(event.data, ports);
    const { id, causationId } = event.meta;
    // Roles that were set together are told of together. A caller names its requests as it likes, so those do not tell.
    const noticeId = notice.kind === 'roles_changed' ? `roles:${userId}/${causationId ?? id}` : id;
    if (userId !== null) await ports.notifyGuest({ noticeId, userId, notice });
  },
});
