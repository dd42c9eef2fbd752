import type { DomainEvent, Transfer } from './decider.ts';
import type { EventCodec } from './event-codec.ts';
import type { Append, AppendChain, AppendContext, Claim, NewEvent, StreamAppend } from './event-store.ts';
import type { Ids } from './ids.ts';

/** What was decided on one stream, and the version it was decided at. */
export type DecidedPart = {
  readonly streamId: string;
  readonly aggregateType: string;
  readonly version: number;
  /** Of the aggregate, if it has one. */
  readonly parkId: string | null;
  readonly events: readonly DomainEvent[];
};

export type DecidedUnit = {
  readonly commandId: string | undefined;
  readonly parts: readonly DecidedPart[];
  readonly transfers: readonly Transfer[];
  readonly claims: readonly Claim[];
  readonly chain: AppendChain;
  readonly context: AppendContext;
};

/**
 * Writes decisions down as one append: events encoded and named, every stream expected at the version decided at. What does not
 * say its park is about that of its first aggregate that has one.
 */
export async function buildAppend(
  { codec, ids }: { readonly codec: Pick<EventCodec, 'encode'>; readonly ids: Ids },
  { commandId, parts, transfers, claims, chain, context }: DecidedUnit,
): Promise<Append> {
  const streams = await Promise.all(
    parts.map(async ({ streamId, aggregateType, version, events }): Promise<StreamAppend> => {
      const encoded = await Promise.all(events.map((event) => codec.encode(event)));
      return {
        streamId,
        aggregateType,
        expected: version === 0 ? 'none' : version,
        events: encoded.map((event): NewEvent => ({ id: ids.next(), ...event })),
      };
    }),
  );
  const parkId = parts.map((part) => part.parkId).find((id) => id !== null);
  const placed = typeof parkId === 'string' ? { parkId, ...context } : context;
  return { ...(commandId === undefined ? {} : { commandId }), streams, transfers, claims, chain, context: placed };
}
