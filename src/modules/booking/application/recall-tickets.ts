import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { parkShare } from '../domain/park-share.ts';
import { shareStreamId } from './share-streams.ts';
import type { ShareDependencies } from './share-teller.ts';

/** A life of headquarters' log, and after which event of the one before it remembers nothing. */
export type NewLife = {
  readonly incarnation: string;
  readonly previous: { readonly incarnation: string; readonly seq: number };
};

/**
 * Port: tickets of days to come that headquarters sold, whose places are taken, and of which it may have forgotten something: what
 * it wrote in any life but the new one and, of the one before, up to its end.
 */
export type MaybeForgotten = (
  life: NewLife,
  nowMs: number,
) => Promise<
  readonly {
    readonly ticketId: string;
    readonly parkId: string;
    readonly date: LocalDate;
    readonly places: number;
  }[]
>;

/** A park tells headquarters, which was set back, of what it had sold of the park's days. Harmless to repeat. */
export type RecallTickets = (life: NewLife, meta: CommandMeta) => Promise<void>;

/** Most tickets that one event names. */
const MOST_TICKETS = 500;

type Dependencies = Pick<ShareDependencies, 'runner' | 'ids' | 'clock' | 'nodeId'> & {
  readonly maybeForgotten: MaybeForgotten;
};

type Known = Awaited<ReturnType<MaybeForgotten>>;

function byDay(tickets: Known): readonly Known[] {
  const days = new Map<string, Known[number][]>();
  for (const one of tickets) {
    const name = `${one.parkId}/${one.date}`;
    const ofDay = days.get(name);
    if (ofDay === undefined) days.set(name, [one]);
    else ofDay.push(one);
  }
  return [...days.values()];
}

export function createRecallTickets(dependencies: Dependencies): RecallTickets {
  const { runner, ids, clock, nodeId, maybeForgotten } = dependencies;
  return async (life, meta) => {
    const nowMs = clock.now();
    for (const ofDay of byDay(await maybeForgotten(life, nowMs))) {
      const [first] = ofDay;
      for (let from = 0; first !== undefined && from < ofDay.length; from += MOST_TICKETS) {
        const { parkId, date } = first;
        const tickets = ofDay.slice(from, from + MOST_TICKETS).map(({ ticketId, places }) => ({ ticketId, places }));
        const told = { parkId, date, nodeId, incarnation: life.incarnation, tickets, toldAtMs: nowMs };
        const context = { ...meta, parkId };
        const streamId = shareStreamId(ids, parkId, date, nodeId);
        const done = await runner.run(parkShare, streamId, { kind: 'recall', ...told }, context);
        assert(done.ok, 'what is known can always be told');
      }
    }
  };
}
