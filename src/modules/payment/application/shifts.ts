import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import { secretName, type Ids } from '../../../kernel/ids.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentRefusal } from '../domain/payment-messages.ts';
import { shift, type ShiftRefusal } from '../domain/shift.ts';

type Cashier = { readonly parkId: string; readonly cashierId: string };

export type OpenShift = (
  opening: Cashier & { readonly floatTyiyn: Tyiyn },
  meta: CommandMeta & { readonly commandId: string },
) => Promise<Result<{ readonly shiftId: string }, { readonly code: 'shift_already_open'; readonly shiftId: string }>>;

export type CloseShift = (
  closing: Cashier & { readonly shiftId: string; readonly countedTyiyn: Tyiyn },
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'shift_closed' }>>;

/** The shift in which somebody takes cash at a park now; null when there is none. */
export type OpenShiftOf = (cashier: Cashier) => Promise<string | null>;

export type PayOutInCash = (
  payout: Cashier & { readonly paymentId: string; readonly refundId: string; readonly amountTyiyn: Tyiyn },
  meta: CommandMeta,
) => Promise<
  Result<
    null,
    | { readonly code: 'no_open_shift' | 'refund_not_manual' | 'shift_closed' }
    | { readonly code: 'till_short'; readonly cashTyiyn: Tyiyn }
  >
>;

export type Tills = {
  readonly open: OpenShift;
  readonly close: CloseShift;
  readonly openShiftOf: OpenShiftOf;
  readonly payOutInCash: PayOutInCash;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** The name that at most one open shift of a person at a park holds. */
const openShiftName = ({ parkId, cashierId }: Cashier) => ({ scope: 'open-shift', key: `${parkId}/${cashierId}` });

/** Cash belongs to a shift: what is sold or paid out for cash is stored with the shift's own event, or not at all. */
export function createTills({ runner, store, ids, clock }: Dependencies): Tills {
  const openShiftOf: OpenShiftOf = (cashier) => {
    const { scope, key } = openShiftName(cashier);
    return store.ownerOf(scope, key);
  };
  return {
    openShiftOf,
    async open({ parkId, cashierId, floatTyiyn }, meta) {
      const shiftId = secretName(ids.derive(`shift:${meta.commandId}`));
      const command = { type: 'open', shiftId, parkId, cashierId, floatTyiyn, nowMs: clock.now() } as const;
      const claims = [{ ...openShiftName({ parkId, cashierId }), owner: shiftId }];
      const opened = await runner.run(shift, shiftId, command, { ...meta, parkId }, { claims });
      if (opened.ok) return ok({ shiftId });
      only(['claimed'], opened.refusal);
      return refuse({ code: 'shift_already_open', shiftId: (await openShiftOf({ parkId, cashierId })) ?? '' });
    },
    async close({ shiftId, countedTyiyn, ...cashier }, meta) {
      const command = { type: 'close', countedTyiyn, nowMs: clock.now() } as const;
      const name = openShiftName(cashier);
      // A shift closed before must not give up the name of its successor.
      const isOpen = (await openShiftOf(cashier)) === shiftId;
      const claims = isOpen
        ? [
            { ...name, owner: shiftId },
            { ...name, owner: null },
          ]
        : [];
      const closed = await runner.run(shift, shiftId, command, { ...meta, parkId: cashier.parkId }, { claims });
      if (closed.ok) return ok(null);
      only(['shift_closed', 'claimed'], closed.refusal);
      return refuse({ code: 'shift_closed' });
    },
    async payOutInCash({ paymentId, refundId, amountTyiyn, ...cashier }, meta) {
      const shiftId = await openShiftOf(cashier);
      if (shiftId === null) return refuse({ code: 'no_open_shift' });
      const nowMs = clock.now();
      const payOut = { type: 'pay_out_refund', refundId, reference: `shift ${shiftId}`, nowMs } as const;
      const move = { type: 'pay_out', paymentId, refundId, amountTyiyn, nowMs } as const;
      const steps: readonly Step<PaymentRefusal | ShiftRefusal>[] = [
        step(payment, paymentId, payOut),
        step(shift, shiftId, move),
      ];
      const done = await runner.runAll(steps, { ...meta, parkId: cashier.parkId });
      return done.ok ? ok(null) : refuse(only(['till_short', 'refund_not_manual', 'shift_closed'], done.refusal));
    },
  };
}
