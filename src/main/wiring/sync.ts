import { createParksOfStreams } from '../../infrastructure/event-store/stream-parks.ts';
import { createTextSeal } from '../../infrastructure/keys/text-seal.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import type { EventDefinition } from '../../kernel/event-definition.ts';
import { cardsRoute } from '../../sync/headquarters/cards.ts';
import { createPlaceProofs } from '../../sync/headquarters/place-proofs.ts';
import { createSessions } from '../../sync/headquarters/session.ts';
import type { HeadquartersTools } from '../../sync/headquarters/ports.ts';
import { syncRoutes } from '../../sync/headquarters/routes.ts';
import { placeKeyOf, syncKeyOf } from '../secrets.ts';
import { knownTypes, typesHash } from './known-types.ts';
import { beginLife } from './new-life.ts';
import type { DomainModules, Tools } from './tools.ts';

/** Which way events of each type go. */
export const travelsOf = (events: readonly EventDefinition[]): HeadquartersTools['travels'] =>
  new Map(events.map(({ type, travels }) => [type, travels]));

/** What headquarters needs to talk with nodes of parks; null where it has no key to sign with. */
export function headquartersTools(
  tools: Tools,
  { nodes }: Pick<DomainModules, 'nodes'>,
  events: readonly EventDefinition[],
): HeadquartersTools | null {
  const { nodeId, replication, database, secrets, headquartersKey, clock, ids, onSyncNews } = tools;
  if (headquartersKey === null) return null;
  return {
    nodeId,
    log: replication,
    registry: {
      find: (id) => nodes.find(id),
      enrol: (request, correlationId) => nodes.enrolNode(request, correlationId),
      succeed: (id, previous, successor) => nodes.keepNodes.succeed(id, previous, successor),
      certifyKey: (id, change) => nodes.keepNodes.certifyKey(id, change),
      retireKey: (id, change) => nodes.keepNodes.retireKey(id, change),
      publishKeys: (node, keys) => nodes.keepNodes.publishKeys(node, keys),
      noteContact: (contact) => nodes.contacts.note(contact),
    },
    voices: nodes.voices,
    ...headquartersKey,
    sessions: createSessions({ seal: createTextSeal(syncKeyOf(secrets)), clock, secret: (bytes) => ids.secret(bytes) }),
    placeProofs: createPlaceProofs(createTextSeal(placeKeyOf(secrets))),
    clock,
    travels: travelsOf(events),
    knows: knownTypes(events),
    eventTypes: typesHash(events),
    parksOf: createParksOfStreams(database),
    beginLife: (forgotten) => beginLife({ nodeId, replication, nodes }, forgotten),
    onNews: onSyncNews,
  };
}

/** Where nodes of parks talk with headquarters; nothing where it has no key to sign with. */
export function wireSync(
  tools: Tools,
  modules: Pick<DomainModules, 'nodes' | 'auth' | 'admission'>,
  events: readonly EventDefinition[],
): readonly Route[] {
  const headquarters = headquartersTools(tools, modules, events);
  if (headquarters === null) return [];
  const { auth, admission } = modules;
  return [
    ...syncRoutes(headquarters),
    cardsRoute(headquarters, {
      staff: (parkId) => auth.staffCardsOf(parkId),
      gate: (parkId, ticketIds) => admission.gateCardsOf(parkId, ticketIds),
    }),
  ];
}
