import type { AuthoredEvent } from '../../kernel/replication.ts';
import type { Message, PullAnswer } from '../protocol/messages.ts';
import type { ParkTools } from './ports.ts';

/** An event of headquarters that this program would have to understand and does not. */
export type NotUnderstood = {
  readonly type: string;
  readonly version: number;
  /** How many events of the page stand before it. */
  readonly index: number;
};

type Page = { readonly events: readonly AuthoredEvent[] } & Pick<Message<typeof PullAnswer>, 'understand'>;

/**
 * The first event of a page that must not be passed over and that this program does not know; null when it may take them all. What
 * need not be understood is kept as it is, and read by the program that comes after this one.
 */
export function notUnderstood({ events, understand = [] }: Page, knows: ParkTools['knows']): NotUnderstood | null {
  const needed = new Map(understand.map(({ type, version }) => [type, version]));
  const index = events.findIndex(
    ({ type, schemaVersion }) => Math.min(needed.get(type) ?? 0, schemaVersion) > (knows.get(type) ?? 0),
  );
  const found = events[index];
  return found === undefined ? null : { type: found.type, version: found.schemaVersion, index };
}
