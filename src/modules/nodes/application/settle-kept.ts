import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { settledSegment, type Settling } from '../domain/settled-segment.ts';
import type { KeptAtPark, KeptSegments } from './kept-apart.ts';
import type { Nodes } from './ports.ts';

/** Port: what can be done with segments that the log keeps apart. */
export type KeptApart = {
  /** Stores it by the rules of today, once. @returns why not, in English; null when it is stored */
  take(segmentId: string): Promise<string | null>;
  /** Whether all that its node writes waits for it. */
  isWaitedFor(segmentId: string): Promise<boolean>;
  /** It is shown no more, also when it is sent again. */
  settle(segmentId: string): Promise<void>;
};

export type SettleKeptRefusal =
  | { readonly code: 'kept_segment_not_found' }
  /** It was decided about in the other way. */
  | { readonly code: 'kept_segment_settled' }
  /** Something still speaks against it. */
  | { readonly code: 'kept_segment_not_taken'; readonly why: string }
  /** What its node wrote after it would never be taken. */
  | { readonly code: 'kept_segment_awaited' };

/**
 * Decides about a segment that was kept apart: `released` stores it if nothing speaks against it any more, `discarded` gives it
 * up where nothing waits for it. Told twice it is done once.
 */
export type SettleKept = (
  settlement: { readonly segmentId: string; readonly how: Settling; readonly reason: string },
  meta: CommandMeta,
) => Promise<Result<null, SettleKeptRefusal>>;

/** The park of the node that wrote a segment, also once it was decided about; null: not known, undefined: no such segment. */
export type ParkOfKept = (segmentId: string) => Promise<string | null | undefined>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly nodes: Pick<Nodes, 'find'>;
  readonly keptSegments: Pick<KeptSegments, 'find'>;
  readonly keptApart: KeptApart;
};

const parkOf = async ({ nodes }: Pick<Dependencies, 'nodes'>, nodeId: string): Promise<string | null> =>
  (await nodes.find(nodeId))?.parkId ?? null;

async function findKept(tools: Pick<Dependencies, 'nodes' | 'keptSegments'>, id: string): Promise<KeptAtPark | null> {
  const kept = await tools.keptSegments.find(id);
  return kept === null ? null : { ...kept, parkId: await parkOf(tools, kept.nodeId) };
}

export function createSettleKept({ runner, clock, nodes, keptSegments, keptApart }: Dependencies): SettleKept {
  const whyNot = async ({ id }: KeptAtPark, how: Settling): Promise<SettleKeptRefusal | null> => {
    if (how === 'discarded') return (await keptApart.isWaitedFor(id)) ? { code: 'kept_segment_awaited' } : null;
    const why = await keptApart.take(id);
    return why === null ? null : { code: 'kept_segment_not_taken', why };
  };
  return async ({ segmentId, how, reason }, meta) => {
    const { state } = await runner.stateOf(settledSegment, segmentId);
    if (state !== null && state.how !== how) return refuse({ code: 'kept_segment_settled' });
    const kept = await findKept({ nodes, keptSegments }, segmentId);
    if (kept === null) return state === null ? refuse({ code: 'kept_segment_not_found' }) : ok(null);
    // A crash after any of these steps leaves it listed, and each step may be repeated.
    const refused = await whyNot(kept, how);
    if (refused !== null) return refuse(refused);
    const { nodeId, parkId, incarnation, first, last } = kept;
    const data = { segmentId, nodeId, incarnation, first, last, how, reason, settledAtMs: clock.now() };
    const place = parkId === null ? {} : { parkId };
    const done = await runner.run(settledSegment, segmentId, data, { ...meta, ...place });
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    await keptApart.settle(segmentId);
    return ok(null);
  };
}

export const createParkOfKept =
  (tools: Pick<Dependencies, 'runner' | 'nodes' | 'keptSegments'>): ParkOfKept =>
  async (segmentId) => {
    const kept = await findKept(tools, segmentId);
    if (kept !== null) return kept.parkId;
    const { state } = await tools.runner.stateOf(settledSegment, segmentId);
    return state === null ? undefined : parkOf(tools, state.nodeId);
  };
