import { problem } from '../../infrastructure/http/problem.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import type { GateCard } from '../../modules/admission/contract.ts';
import type { StaffList } from '../../modules/auth/contract.ts';
import { CardsRequest } from '../protocol/cards.ts';
import { signed } from '../protocol/signing.ts';
import { cardsExample } from './examples.ts';
import type { HeadquartersTools } from './ports.ts';
import { sessionRoute } from './sync-route.ts';

/** Port: what a park may know of people. */
export type CardsOf = {
  readonly staff: (parkId: string) => Promise<StaffList>;
  readonly gate: (parkId: string, ticketIds: readonly string[]) => Promise<readonly GateCard[]>;
};

/** Where a park asks for cards. A node that was revoked gets none, also where its session is not over yet. */
export const cardsRoute = (tools: HeadquartersTools, cardsOf: CardsOf): Route =>
  sessionRoute(tools, {
    path: '/cards',
    operationId: 'readCards',
    summary: 'For nodes of parks: read who works there and whom gates look for',
    description:
      'The whole staff of the park with hashes of their passwords, and of the named tickets first names and age bands of the children; ' +
      'of a ticket of another park nothing.',
    body: CardsRequest,
    bodyExample: cardsExample,
    async handle({ nodeId, parkId }, { nonce, tickets }) {
      const node = await tools.registry.find(nodeId);
      if (node?.status !== 'enrolled' || node.parkId !== parkId) return problem('sync_refused');
      const [staff, gateCards] = await Promise.all([cardsOf.staff(parkId), cardsOf.gate(parkId, tickets)]);
      return signed('cards', { nonce, staff, gateCards }, tools.signer);
    },
  });
