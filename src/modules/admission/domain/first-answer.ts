import { assert } from '../../../kernel/assert.ts';
import type { AdmissionEvent, ScanResult } from './admission-messages.ts';
import { admission } from './admission.ts';
import type { ScanRefusal, ScanRefused } from './refused-scan.ts';

/** A scan with its first answer. */
export type ScanRecord = {
  readonly scanId: string;
  /** Null when the code led to no ticket. */
  readonly ticketId: string | null;
  readonly outcome: ScanResult['outcome'] | ScanRefusal;
  /** How many came in, or went out. */
  readonly people: number;
  readonly remaining: number;
  readonly incidentId: string | null;
};

/** Whether nobody passed by the scan. */
export const isRefusal = ({ people }: ScanRecord): boolean => people === 0;

const isRefused = (event: AdmissionEvent | ScanRefused): event is ScanRefused => event.type === 'ScanRefused';

/**
 * The answer to a scan.
 * @param events what was stored under the id of the scan: passages of one ticket, or a refusal
 */
export function firstAnswer(scanId: string, events: readonly (AdmissionEvent | ScanRefused)[]): ScanRecord {
  const [event] = events;
  assert(event, 'a scan leaves something in the log');
  if (isRefused(event)) {
    const { ticketId, outcome, remaining } = event.data;
    return { scanId, ticketId, outcome, people: 0, remaining, incidentId: null };
  }
  const passages = events.filter((one): one is AdmissionEvent => !isRefused(one));
  const result = passages.reduce(admission.evolve, admission.initial).scans[scanId];
  assert(result, 'a scan is answered by what was stored for it');
  return { scanId, ticketId: event.data.ticketId, ...result };
}
