import { step, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { ScannedTicket } from '../domain/admission-messages.ts';
import { recountedAdmission } from '../domain/recount.ts';
import { incidentIdsOf } from './incidents.ts';
import { admissionsOf, type OwnStreams } from './own-streams.ts';
import type { Admissions, GateRules } from './ports.ts';

/** A ticket by which a life of this node's log let people pass, and of which another life told something, too. */
export type TicketOfTwoLives = Omit<ScannedTicket, 'visitDate'>;

/** Port: what of this node's earlier lives came back to its log, and whether that was looked at. */
export type TakenBack = {
  /** Keeps where the own log ends, before something is taken back; nothing where it stands already. It outlives a crash. */
  fallBehind(): Promise<void>;
  /** A position: what came back and was not yet gone on from stands after it. Null: there is no such thing. */
  behindSince(): Promise<number | null>;
  caughtUp(): Promise<void>;
  /** Tickets with passages, or an end, that came back after a position, and with the one or the other that another life wrote. */
  ofTwoLives(after: number): Promise<readonly TicketOfTwoLives[]>;
};

/**
 * What a park's node writes when it has taken back what its earlier lives told of tickets: of those by which another life let people pass,
 * or which it ended, since none of both knew of the other. Nobody else may write meanwhile.
 *
 * @param after the position that `TakenBack` has kept. To look from further back does no harm: what was counted is not told again.
 */
export type RecountTakenBack = (after: number) => Promise<readonly Step<never>[]>;

type Dependencies = {
  readonly takenBack: Pick<TakenBack, 'ofTwoLives'>;
  readonly admissions: Pick<Admissions, 'find'>;
  readonly gateRules: GateRules;
  readonly ownStreams: OwnStreams;
  readonly ids: Pick<Ids, 'derive'>;
  readonly clock: Clock;
  readonly nodeId: string;
};

export const createRecountTakenBack =
  ({ takenBack, admissions, gateRules, ownStreams, ids, clock, nodeId }: Dependencies): RecountTakenBack =>
  async (after) => {
    const tickets = await takenBack.ofTwoLives(after);
    return Promise.all(
      tickets.map(async (ticket) => {
        const { ticketId, parkId } = ticket;
        const [{ reEntry }, record] = await Promise.all([gateRules(parkId), admissions.find(ticketId)]);
        const { entered, inside } = record ?? { entered: 0, inside: 0 };
        const incidentIds = incidentIdsOf(ids, ticket);
        const command = { ...ticket, reEntry, told: { entered, inside }, incidentIds, nodeId, nowMs: clock.now() };
        const { streamId, besides } = ownStreams(admissionsOf(ticketId), []);
        return step(recountedAdmission, streamId, command, { besides });
      }),
    );
  };
