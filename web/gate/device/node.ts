import { createSkyParkClient } from '../../../clients/typescript/client.ts';
import type { NodeHead } from '../../../clients/gate/device-store.ts';
import type { BundlePage } from '../../../clients/gate/known.ts';
import type { LogNode } from '../../../clients/gate/own-log.ts';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { inOurLanguage } from '../../shared/api/client.ts';
import type { Direction, ScanResult } from './passage.ts';

export type Scan = {
  readonly scanId: string;
  readonly code: string;
  readonly direction: Direction;
  readonly people: number | null;
  readonly nowMs: number;
  readonly gate: string;
  /** Why a manager lets them in although the park is full. */
  readonly overrideReason?: string;
};

type Bundle = BundlePage & { readonly has_more: boolean; readonly revocations_as_of: string | null };

/** What a gate asks of its node. */
export type GateNode = {
  scan(scan: Scan, witness: NodeHead | null): Promise<Outcome<{ result: ScanResult; node: NodeHead | null }>>;
  readonly bringLog: LogNode['bringLog'];
  bundle(since: string | null): Promise<Outcome<Bundle>>;
  /** How far the clock of this device was ahead of the node's when it answered last, to the second. */
  clockAheadMs(): number;
  renewCertificate(): Promise<Outcome<{ certificate: string }>>;
  occupancy(parkId: string): Promise<Outcome<components['schemas']['Occupancy']>>;
};

/** Beyond this somebody at the gate waits for nothing: the device decides by itself. */
const ANSWER_MS = 1_200;
const SLOW_MS = 15_000;

export function createGateNode(credential: () => string): GateNode {
  let clockAheadMs = 0;
  const within = (ms: number) =>
    createSkyParkClient({
      baseUrl: location.origin,
      token: credential,
      fetch: async (input) => {
        const response = await fetch(inOurLanguage(input, { signal: AbortSignal.timeout(ms) }));
        const nodeMs = Date.parse(response.headers.get('date') ?? '');
        if (!Number.isNaN(nodeMs)) clockAheadMs = Date.now() - nodeMs;
        return response;
      },
    });
  const fast = within(ANSWER_MS);
  const patient = within(SLOW_MS);
  return {
    async scan({ scanId, nowMs, people, overrideReason, ...scan }, witness) {
      const one = {
        ...scan,
        scan_id: scanId,
        scanned_at: new Date(nowMs).toISOString(),
        ...(people === null ? {} : { people }),
        ...(overrideReason === undefined ? {} : { override: { reason: overrideReason } }),
      };
      const answered = await outcomeOf(fast.POST('/api/v1/gate/scans', { body: { scans: [one], witness } }));
      if (!answered.ok) return answered;
      const [result] = answered.value.results;
      if (result === undefined) throw new Error('the node answered no scan');
      return { ok: true, value: { result, node: answered.value.node ?? null } };
    },
    bringLog: (batch, witness) => outcomeOf(patient.POST('/api/v1/gate/log', { body: { ...batch, witness } })),
    bundle: (since) =>
      outcomeOf(patient.GET('/api/v1/gate/bundle', { params: { query: since === null ? {} : { since } } })),
    clockAheadMs: () => clockAheadMs,
    renewCertificate: () => outcomeOf(patient.POST('/api/v1/gate/certificate', {})),
    occupancy: (id) => outcomeOf(patient.GET('/api/v1/parks/{id}/occupancy', { params: { path: { id } } })),
  };
}
