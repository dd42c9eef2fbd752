/** Where a span is: ids of W3C Trace Context, in hex. */
export type SpanPlace = { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean };

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** Names and words of our own only: never an address, a person or a code. */
export type Attributes = Readonly<Record<string, string | number>>;

export type SpanStart = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  /** The span that caused this one; when absent, the one that runs now. */
  readonly parent?: SpanPlace;
  /** What ties together all that one request or job brought about; makes the trace when there is no parent. */
  readonly correlationId?: string;
};

export type OpenSpan = {
  readonly place: SpanPlace;
  /** Runs work, and all that it waits for, within the span. */
  run<Value>(work: () => Value): Value;
  /** @param name a better one than at the start */
  end(outcome?: { readonly failed?: boolean; readonly name?: string; readonly attributes?: Attributes }): void;
};

/** Tells a collector what was done for which request, and how long it took. */
export type Tracing = {
  begin(start: SpanStart): OpenSpan;
  /** The span that runs now; null outside of any. */
  current(): SpanPlace | null;
  /** Says that an event was stored, so that whoever handles it continues the trace; see `parentOfEvent`. */
  stored(event: { readonly id: string; readonly type: string }): void;
  /** Sends what waits. */
  close(): Promise<void>;
};

/** Does a piece of work within a span that ends with it. */
export async function within<Value>(tracing: Tracing, start: SpanStart, work: () => Promise<Value>): Promise<Value> {
  const span = tracing.begin(start);
  try {
    const value = await span.run(work);
    span.end();
    return value;
  } catch (error) {
    span.end({ failed: true });
    throw error;
  }
}

/** The header that tells another server which span asks it. */
export const traceparentOf = ({ traceId, spanId, isSampled }: SpanPlace): string =>
  `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`;
