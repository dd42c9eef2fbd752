import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import type { ListPage } from '../../shared/api/use-pages.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';

export type WaitingRefund = components['schemas']['WaitingCashRefund'];

const AT_ONCE = 25;

/** What waits to be paid out in cash at a park, newest first. */
export const waitingRefunds = (parkId: string, cursor: string | undefined): Promise<Outcome<ListPage<WaitingRefund>>> =>
  outcomeOf(
    api.GET('/api/v1/gate/refunds', {
      params: { query: { park_id: parkId, limit: AT_ONCE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  );

/** Pays one out of the open shift of whoever is signed in. */
export const payOut = (
  header: { readonly 'Idempotency-Key': string },
  { id, payment_id: paymentId }: WaitingRefund,
): Promise<Outcome<components['schemas']['Refund']>> =>
  outcomeOf(api.POST('/api/v1/gate/refunds', { params: { header }, body: { payment_id: paymentId, refund_id: id } }));
