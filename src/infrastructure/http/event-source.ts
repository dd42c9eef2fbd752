/** One event of a stream. `id` is what a client that lost the connection sends back as `Last-Event-ID`; one line. */
export type StreamEvent<Data> = { readonly id?: string; readonly event?: string; readonly data: Data };

/**
 * Events as they come. `leaving` is aborted when the client has gone or the server ends: the source must end then, and let
 * go of what it waits on. It is asked for the next event only when the client has taken most of those before.
 */
export type EventSource<Data> = (leaving: AbortSignal) => AsyncIterable<StreamEvent<Data>>;

export const EVENT_STREAM = 'text/event-stream';

/** An event as it stands on the wire (HTML Standard, 9.2.5). JSON has no line breaks of its own. */
export function frameOf({ id, event, data }: StreamEvent<unknown>): string {
  const lines = [`data: ${JSON.stringify(data)}`];
  if (event !== undefined) lines.unshift(`event: ${oneLine(event)}`);
  if (id !== undefined) lines.unshift(`id: ${oneLine(id)}`);
  return `${lines.join('\n')}\n\n`;
}

// oxlint-disable-next-line no-control-regex -- these are what would end the line or the field
const oneLine = (text: string): string => text.replaceAll(/[\r\n\u0000]/g, ' ');
