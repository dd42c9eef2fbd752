import { randomUUID } from 'node:crypto';
import { formatSom, trustedSom } from '../../../src/kernel/money.ts';
import { bodyOf, codeOf, eventually, expectThat } from '../answered.ts';
import type { Session } from '../session.ts';
import { demoPark } from '../tour/parks.ts';

/** What is in the till at first. */
const FLOAT_TYIYN = 500_000n;
const FOLLOW_MS = 240_000;
const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });

/** Somebody at the desk with an open shift, who also pays out what no provider gives back. */
export type Staff = {
  sellForCash(): Promise<{ readonly ticketId: string; readonly paymentId: string }>;
  /** Cancels a cash sale and gives the cash back. */
  giveCashBack(sale: { readonly ticketId: string; readonly paymentId: string }): Promise<void>;
  /** Pays out all refunds that wait for a person but for those in cash. */
  payOutByHand(): Promise<void>;
  /** Counts the till. @throws DemoFailure when it differs */
  closeShift(): Promise<void>;
};

/** A park for the demonstration alone. */
export async function openPark(admin: Session, capacity: number): Promise<string> {
  const id = `money-${randomUUID().slice(0, 8)}`;
  const params = withKey();
  const body = demoPark(id, capacity);
  const opened = await admin.call('open a park', (client, signal) =>
    client.POST('/api/v1/parks', { params, body, signal }),
  );
  bodyOf('open a park', 201, opened);
  return id;
}

export async function openShift(admin: Session, parkId: string): Promise<Staff> {
  const opening = withKey();
  const opened = await admin.call('open a shift', (client, signal) =>
    client.POST('/api/v1/gate/shifts', {
      params: opening,
      body: { park_id: parkId, float: formatSom(FLOAT_TYIYN) },
      signal,
    }),
  );
  const shiftId = bodyOf('open a shift', 201, opened).id;
  let inTillTyiyn = FLOAT_TYIYN;

  return {
    async sellForCash() {
      const params = withKey();
      const body = { park_id: parkId, children: [{ age: 5 }], adults: 0, method: 'cash' as const };
      const answer = await admin.call('sell', (client, signal) =>
        client.POST('/api/v1/gate/sales', { params, body, signal }),
      );
      const { id: ticketId, payment, price } = bodyOf('sell', 201, answer);
      inTillTyiyn += trustedSom(price);
      expectThat(payment !== null, 'a cash sale has its payment');
      return { ticketId, paymentId: payment.id };
    },
    async giveCashBack({ ticketId, paymentId }) {
      const params = { path: { id: ticketId }, ...withKey() };
      const cancelled = await admin.call('cancel', (client, signal) =>
        client.POST('/api/v1/admin/tickets/{id}/cancel', { params, body: { reason: 'rain' }, signal }),
      );
      expectThat(cancelled.response.status === 200, `cancelling was answered ${codeOf(cancelled.error)}`);
      const refundId = await eventually('a refund in cash', FOLLOW_MS, async () => {
        const path = { id: paymentId };
        const list = await admin.call('refunds', (client, signal) =>
          client.GET('/api/v1/payments/{id}/refunds', { params: { path }, signal }),
        );
        return bodyOf('refunds', 200, list).items.find(({ status }) => status === 'manual')?.id ?? null;
      });
      const paying = withKey();
      const body = { payment_id: paymentId, refund_id: refundId };
      const paid = await admin.call('pay out', (client, signal) =>
        client.POST('/api/v1/gate/refunds', { params: paying, body, signal }),
      );
      const { status, amount } = bodyOf('pay out', 200, paid);
      expectThat(status === 'succeeded', 'the cash is not out');
      inTillTyiyn -= trustedSom(amount);
    },
    payOutByHand: createPayouts(admin),
    async closeShift() {
      const path = { id: shiftId };
      const params = { path, ...withKey() };
      const body = { counted: formatSom(inTillTyiyn) };
      const closed = await admin.call('close the shift', (client, signal) =>
        client.POST('/api/v1/gate/shifts/{id}/close', { params, body, signal }),
      );
      expectThat(bodyOf('close', 200, closed).difference === '0.00', 'the till differs');
    },
  };
}

/** A payout whose answer was lost is told again under its key. */
function createPayouts(finance: Session): Staff['payOutByHand'] {
  const keys = new Map<string, ReturnType<typeof withKey>>();
  return async () => {
    const query = { status: 'manual' as const, limit: 100 };
    const list = await finance.call('refunds', (client, signal) =>
      client.GET('/api/v1/admin/refunds', { params: { query }, signal }),
    );
    for (const refund of bodyOf('refunds', 200, list).items) {
      if (refund.method === 'cash') continue;
      const key = keys.get(refund.id) ?? withKey();
      keys.set(refund.id, key);
      const params = { path: { id: refund.payment_id, refund_id: refund.id }, ...key };
      const body = { reference: `transfer ${refund.id.slice(-8)}` };
      const paid = await finance.call('pay out', (client, signal) =>
        client.POST('/api/v1/payments/{id}/refunds/{refund_id}/confirm', { params, body, signal }),
      );
      expectThat(paid.response.status === 200, `a payout was answered ${codeOf(paid.error)}`);
    }
  };
}
