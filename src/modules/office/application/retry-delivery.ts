import type { Clock } from '../../../kernel/time.ts';
import type { Deliveries } from './ports.ts';

/** Makes a message due at once, whatever became of it before. False when the endpoint has no such message. */
export type RetryDelivery = (endpointId: string, deliveryId: string) => Promise<boolean>;

export const createRetryDelivery =
  (deliveries: Deliveries, clock: Clock): RetryDelivery =>
  (endpointId, deliveryId) =>
    deliveries.retry(endpointId, deliveryId, clock.now());
