import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket } from '../domain/ticket.ts';
import type { SignAdmissionCode } from './ports.ts';

/** Port: tickets of this node that gates have let somebody in by and that it does not know to be sold. */
export type UsedUnsold = (limit: number) => Promise<readonly string[]>;

/** A ticket that is held or expired here was sold, as its park knows. Harmless to repeat. */
export type RememberSale = (ticketId: string, meta: CommandMeta) => Promise<void>;

/** Remembers the sales of tickets that were used; answers how many it looked at. */
export type RememberUsedSales = (limit: number, meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly signAdmissionCode: SignAdmissionCode;
};

export function createRememberSale({ runner, clock, signAdmissionCode }: Dependencies): RememberSale {
  return async (ticketId, meta) => {
    const { terms } = (await runner.stateOf(ticket, ticketId)).state;
    assert(terms, 'only a ticket that is known can be remembered as sold');
    const admissionCode = signAdmissionCode({ ...terms, partySize: terms.places });
    const command = { kind: 'remember_sale', admissionCode, nowMs: clock.now() } as const;
    const done = await runner.run(ticket, ticketId, command, { ...meta, parkId: terms.parkId });
    assert(done.ok, 'that a ticket was sold can always be remembered');
  };
}

/** Only headquarters can be met by such a use: a park holds and sells at its desk in one append. */
export const createRememberUsedSales =
  (rememberSale: RememberSale, usedUnsold: UsedUnsold): RememberUsedSales =>
  async (limit, meta) => {
    const used = await usedUnsold(limit);
    await Promise.all(used.map((ticketId) => rememberSale(ticketId, meta)));
    return used.length;
  };
