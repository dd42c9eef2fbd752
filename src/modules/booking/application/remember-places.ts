import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import type { CapacityCredited, CapacityRecalled } from '../contract.ts';
import { dayGrants, type GrantCommand } from '../domain/day-grants.ts';
import { ticket } from '../domain/ticket.ts';
import type { OpenDay } from './open-day.ts';
import type { ParkDays } from './ports.ts';
import type { RememberSale } from './remember-sales.ts';
import { grantsStreamId } from './share-streams.ts';

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly parkDays: ParkDays;
  readonly openDay: OpenDay;
  readonly rememberSale: RememberSale;
};

/** What headquarters that was set back learns from parks of places that it had given or sold. Harmless to repeat. */
export type RememberPlaces = {
  /** A park has places of a grant. @param toIncarnation the life of the park's log that took them */
  rememberGrant(credited: CapacityCredited['data'], toIncarnation: string, meta: CommandMeta): Promise<void>;
  /**
   * Tickets that headquarters does not know to have sold take places of their day all the same: what it remembers as held or expired is sold,
   * of others the places are written off.
   */
  recall(recalled: CapacityRecalled['data'], meta: CommandMeta): Promise<void>;
};

export function createRememberPlaces(dependencies: Dependencies): RememberPlaces {
  const { runner, ids, clock, nodeId, parkDays, openDay, rememberSale } = dependencies;

  /** That the day was opened may be forgotten, too. */
  async function tell(command: GrantCommand, meta: CommandMeta): Promise<void> {
    const { parkId, date } = command;
    const context = { ...meta, parkId };
    const offer = await parkDays(parkId, date);
    if (offer !== null) await openDay(parkId, date, offer.dayQuota, context);
    const done = await runner.run(dayGrants, grantsStreamId(ids, parkId, date), command, context);
    assert(done.ok, 'what was given or sold can always be remembered');
  }

  /** What headquarters takes a ticket for that a park knows as sold for a day. */
  async function knownAs(ticketId: string, parkId: string, date: LocalDate): Promise<'sold' | 'unsold' | 'unknown'> {
    const { status, activated, terms, leaving } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms?.parkId !== parkId) return 'unknown';
    if (leaving?.from.visitDate === date) return 'sold';
    if (terms.visitDate !== date) return 'unknown';
    if (activated) return 'sold';
    return status === 'held' || status === 'expired' ? 'unsold' : 'unknown';
  }

  return {
    async rememberGrant({ parkId, date, places, grantId, nodeId: toNode, askId, creditedAtMs }, toIncarnation, meta) {
      if (toNode === nodeId) return;
      const { state } = await runner.stateOf(dayGrants, grantsStreamId(ids, parkId, date));
      if (state.grants.has(grantId)) return;
      const grant = { parkId, date, places, grantId, fromNode: nodeId, toNode, toIncarnation, askId };
      await tell({ kind: 'remember', ...grant, grantedAtMs: creditedAtMs }, meta);
    },
    async recall({ parkId, date, nodeId: fromNode, tickets }, meta) {
      if (fromNode === nodeId) return;
      const known = await Promise.all(tickets.map(({ ticketId }) => knownAs(ticketId, parkId, date)));
      const unsold = tickets.filter((_one, index) => known[index] === 'unsold');
      await Promise.all(unsold.map(({ ticketId }) => rememberSale(ticketId, meta)));
      const lost = tickets.filter((_one, index) => known[index] === 'unknown');
      if (lost.length === 0) return;
      await tell({ kind: 'write_off', parkId, date, tickets: lost, fromNode, writtenOffAtMs: clock.now() }, meta);
    },
  };
}
