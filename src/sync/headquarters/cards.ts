import type { Route } from '../../infrastructure/http/route.ts';
import type { GateCard } from '../../modules/admission/contract.ts';
import type { StaffList } from '../../modules/auth/contract.ts';
import { CardsRequest } from '../protocol/cards.ts';
import { signed } from '../protocol/signing.ts';
import { cardsExample } from './examples.ts';
import type { HeadquartersTools } from './ports.ts';
import { trustedRoute } from './sync-route.ts';

/** Port: what a park may know of people. */
export type CardsOf = {
  readonly staff: (parkId: string) => Promise<StaffList>;
  readonly gate: (parkId: string, ticketIds: readonly string[]) => Promise<readonly GateCard[]>;
};

/** Where a park asks for cards. */
export const cardsRoute = (tools: HeadquartersTools, cardsOf: CardsOf): Route =>
  trustedRoute(tools, {
    path: '/cards',
    operationId: 'readCards',
    summary: 'For nodes of parks: read who works there and whom gates look for',
    description:
      'The whole staff of the park with hashes of their passwords, and of the named tickets first names and age bands of the children; ' +
      'of a ticket of another park nothing.',
    body: CardsRequest,
    bodyExample: cardsExample,
    async handle({ parkId }, { nonce, tickets }) {
      const [staff, gateCards] = await Promise.all([cardsOf.staff(parkId), cardsOf.gate(parkId, tickets)]);
      return signed('cards', { nonce, staff, gateCards }, await tools.signer());
    },
  });
