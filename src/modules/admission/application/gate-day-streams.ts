import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { GateDay } from '../domain/entry-limit.ts';

/**
 * Where a node says what happens to a day at its gates. A stream has one writer for ever, and a day may change its home as long as nobody
 * has come in, so headquarters and the node of a park have streams of their own for the same day.
 */
export type GateDayStreams = {
  /** Of how many may be inside. */
  limitOf(day: GateDay, nodeId: string): Promise<string>;
  /** Of the end of the day, at which every entry looks. */
  endOf(parkId: string, date: LocalDate, nodeId: string): Promise<string>;
};

type Dependencies = {
  readonly store: Pick<EventStore, 'load'>;
  readonly ids: Pick<Ids, 'derive'>;
  /** Of this node. */
  readonly nodeId: string;
  /** The park of a park's node; null at headquarters. */
  readonly parkId: string | null;
};

export function createGateDayStreams({ store, ids, nodeId: ownId, parkId: ownPark }: Dependencies): GateDayStreams {
  /** Headquarters has the plain name. So has a node that went by it on that day, as all did once. */
  async function find(plain: string, nodeId: string): Promise<string> {
    const { events } = await store.load(ids.derive(plain));
    const writer = events.at(-1)?.nodeId ?? (ownPark === null ? ownId : null);
    return ids.derive(writer === nodeId ? plain : `${plain}/${nodeId}`);
  }

  // What this node goes by on a day it goes by until the day is over.
  const own = new Map<string, Promise<string>>();
  function stream(plain: string, nodeId: string): Promise<string> {
    if (nodeId !== ownId) return find(plain, nodeId);
    const known = own.get(plain) ?? find(plain, nodeId);
    own.set(plain, known);
    known.catch(() => own.delete(plain));
    return known;
  }

  return {
    limitOf: ({ parkId, visitDate }, nodeId) => stream(`gate-day:${parkId}/${visitDate}`, nodeId),
    endOf: (parkId, date, nodeId) => stream(`gate-day-end:${parkId}/${date}`, nodeId),
  };
}
