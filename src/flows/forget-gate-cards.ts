import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { UserErased } from '../modules/user/contract.ts';

type Dependencies = {
  readonly ticketsOf: (userId: string) => Promise<readonly string[]>;
  readonly forgetCards: (ticketIds: readonly string[]) => Promise<void>;
};

/** A park that hears of an erasure shows no more of the guest's tickets than that they are there. Harmless to repeat. */
export const createForgetGateCardsFlow = ({ ticketsOf, forgetCards }: Dependencies): Flow => ({
  name: 'flow.forget-gate-cards',
  eventTypes: ['UserErased'],
  runsAt: 'park',
  async handle(event) {
    const { userId } = (event as Recorded<UserErased>).data;
    await forgetCards(await ticketsOf(userId));
  },
});
