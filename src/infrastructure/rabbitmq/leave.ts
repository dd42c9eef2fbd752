import type { Connection } from 'rabbitmq-client';
import { within } from '../within.ts';

/** The client would wait for ever for the answer of a broker that stands still; whoever goes waits no longer than this. */
export const LEAVE_LIMIT_MS = 5000;

/** Says goodbye to the broker, and hangs up where it does not answer in time. Never rejects. */
export async function leave(
  connection: Connection,
  goodbye: () => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  await within(LEAVE_LIMIT_MS, 'leaving the broker', goodbye()).catch(onError);
  connection.unsafeDestroy();
}
