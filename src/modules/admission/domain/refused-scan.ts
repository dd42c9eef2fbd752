import type { Decider } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { AdmissionRefusal } from './admission-messages.ts';
import type { GateRefusal } from './gate-check.ts';

/** Why nobody passes by a scan. */
export type ScanRefusal = AdmissionRefusal['code'] | GateRefusal | 'bad_signature' | 'unknown' | 'park_full';

/** A scan let nobody pass; that is its answer for ever. What was scanned is not kept. */
export type ScanRefused = {
  readonly type: 'ScanRefused';
  readonly data: {
    readonly scanId: string;
    /** Null when the code led to no ticket. */
    readonly ticketId: string | null;
    /** Null also where it led to a ticket of another park than that of the gate: nothing happened there, and its node is told nothing. */
    readonly parkId: string | null;
    readonly outcome: ScanRefusal;
    /** How many of the party might still have come in; 0 without a ticket. */
    readonly remaining: number;
    readonly direction: 'in' | 'out';
    readonly gate: string;
    /** As for those who pass: by the clock of the gate, and corrected. */
    readonly saidAtMs: number;
    readonly scannedAtMs: number;
    readonly nodeId: string;
  };
};

/**
 * A scan that let nobody pass, on a stream of its own: refusals neither lengthen the stream on which a ticket's gates meet nor
 * wait for it. Stored under the same command id as an admission by the scan, of which the log keeps one.
 */
export const refusedScan: Decider<ScanRefused['data'], { readonly isRefused: boolean }, ScanRefused, never> = {
  aggregateType: 'RefusedScan',
  initial: { isRefused: false },
  decide: (data, { isRefused }): Result<readonly ScanRefused[], never> =>
    ok(isRefused ? [] : [{ type: 'ScanRefused', data }]),
  evolve: () => ({ isRefused: true }),
};
