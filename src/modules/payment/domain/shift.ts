import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';

/** Cash of one person at one park from opening to closing. Every command carries the moment of its decision. */
export type ShiftCommand =
  | {
      readonly type: 'open';
      readonly shiftId: string;
      readonly parkId: string;
      readonly cashierId: string;
      /** Cash in the till at the start. */
      readonly floatTyiyn: bigint;
      readonly nowMs: number;
    }
  | {
      readonly type: 'take';
      readonly paymentId: string;
      readonly ticketId: string;
      readonly amountTyiyn: bigint;
      readonly nowMs: number;
    }
  | {
      readonly type: 'pay_out';
      readonly paymentId: string;
      readonly refundId: string;
      readonly amountTyiyn: bigint;
      readonly nowMs: number;
    }
  | { readonly type: 'close'; readonly countedTyiyn: bigint; readonly nowMs: number };

type Fact<Type extends string, Data extends object> = {
  readonly type: Type;
  readonly data: Readonly<{ shiftId: string } & Data>;
};

export type ShiftEvent =
  | Fact<'ShiftOpened', { parkId: string; cashierId: string; floatTyiyn: bigint; openedAtMs: number }>
  | Fact<'CashTaken', { paymentId: string; ticketId: string; amountTyiyn: bigint; takenAtMs: number }>
  | Fact<'CashPaidOut', { paymentId: string; refundId: string; amountTyiyn: bigint; paidOutAtMs: number }>
  | Fact<
      'ShiftClosed',
      {
        expectedTyiyn: bigint;
        countedTyiyn: bigint;
        /** Counted minus expected. */ differenceTyiyn: bigint;
        closedAtMs: number;
      }
    >;

export type ShiftRefusal =
  | { readonly code: 'shift_not_found' | 'shift_closed' | 'shift_id_reused' | 'amount_not_positive' }
  | { readonly code: 'till_short'; readonly cashTyiyn: bigint };

export type ShiftState = {
  /** Null before it is opened. */
  readonly opened: Extract<ShiftEvent, { readonly type: 'ShiftOpened' }>['data'] | null;
  /** What has to be in the till: float and sales without payouts. */
  readonly cashTyiyn: bigint;
  /** Null while it is open. */
  readonly countedTyiyn: bigint | null;
};

type Decision = Result<readonly ShiftEvent[], ShiftRefusal>;

/** The till never pays out what is not in it, and its close says what should have been there and what was. */
export const shift: Decider<ShiftCommand, ShiftState, ShiftEvent, ShiftRefusal> = {
  aggregateType: 'Shift',
  initial: { opened: null, cashTyiyn: 0n, countedTyiyn: null },
  decide(command, state) {
    if (command.type === 'open') return open(command, state);
    if (state.opened === null) return refuse({ code: 'shift_not_found' });
    const { shiftId } = state.opened;
    if (state.countedTyiyn !== null) {
      const isTold = command.type === 'close' && command.countedTyiyn === state.countedTyiyn;
      return isTold ? ok([]) : refuse({ code: 'shift_closed' });
    }
    if (command.type === 'close') {
      const { countedTyiyn, nowMs } = command;
      if (countedTyiyn < 0n) return refuse({ code: 'amount_not_positive' });
      const expectedTyiyn = state.cashTyiyn;
      const differenceTyiyn = countedTyiyn - expectedTyiyn;
      return ok([
        { type: 'ShiftClosed', data: { shiftId, expectedTyiyn, countedTyiyn, differenceTyiyn, closedAtMs: nowMs } },
      ]);
    }
    return move(command, shiftId, state.cashTyiyn);
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ShiftOpened':
        return { ...state, opened: event.data, cashTyiyn: event.data.floatTyiyn };
      case 'CashTaken':
        return { ...state, cashTyiyn: state.cashTyiyn + event.data.amountTyiyn };
      case 'CashPaidOut':
        return { ...state, cashTyiyn: state.cashTyiyn - event.data.amountTyiyn };
      case 'ShiftClosed':
        return { ...state, countedTyiyn: event.data.countedTyiyn };
      default:
        return unreachable(event, 'shift event');
    }
  },
};

function open(
  { shiftId, parkId, cashierId, floatTyiyn, nowMs }: Extract<ShiftCommand, { readonly type: 'open' }>,
  { opened }: ShiftState,
): Decision {
  if (floatTyiyn < 0n) return refuse({ code: 'amount_not_positive' });
  if (opened !== null) {
    const isTold = opened.parkId === parkId && opened.cashierId === cashierId && opened.floatTyiyn === floatTyiyn;
    return isTold ? ok([]) : refuse({ code: 'shift_id_reused' });
  }
  return ok([{ type: 'ShiftOpened', data: { shiftId, parkId, cashierId, floatTyiyn, openedAtMs: nowMs } }]);
}

function move(
  command: Extract<ShiftCommand, { readonly type: 'take' | 'pay_out' }>,
  shiftId: string,
  cashTyiyn: bigint,
): Decision {
  const { paymentId, amountTyiyn, nowMs } = command;
  if (amountTyiyn <= 0n) return refuse({ code: 'amount_not_positive' });
  if (command.type === 'take') {
    const { ticketId } = command;
    return ok([{ type: 'CashTaken', data: { shiftId, paymentId, ticketId, amountTyiyn, takenAtMs: nowMs } }]);
  }
  if (amountTyiyn > cashTyiyn) return refuse({ code: 'till_short', cashTyiyn });
  const { refundId } = command;
  return ok([{ type: 'CashPaidOut', data: { shiftId, paymentId, refundId, amountTyiyn, paidOutAtMs: nowMs } }]);
}
