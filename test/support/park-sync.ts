import { systemIds } from '../../src/infrastructure/ids.ts';
import type { Clock } from '../../src/kernel/time.ts';
import type { App } from '../../src/main/compose.ts';
import { livesOf } from '../../src/main/park-lives.ts';
import { cardsOf, ownTypes, parkIdentity } from '../../src/main/park-sync.ts';
import type { ParkTools } from '../../src/sync/park/ports.ts';
import { createParkSync, type ParkSync } from '../../src/sync/park/sync-round.ts';

/** The talk of a whole park's node with headquarters, round by round as a test calls for them: nothing waits. */
export async function openParkSync(park: App, clock: Clock, change: Partial<ParkTools> = {}): Promise<ParkSync> {
  const identity = await parkIdentity(park);
  return createParkSync({
    ...identity,
    process: systemIds.next(),
    log: park.replication,
    headquarters: () => park.modules.nodes.enrolment.find(),
    keepHeadquarters: (headquarters) => park.modules.nodes.enrolment.keep(headquarters),
    lives: livesOf(park, identity.signer),
    cards: cardsOf(park),
    clock,
    secret: (bytes) => systemIds.secret(bytes),
    random: () => 0,
    pause: async () => undefined,
    untilNews: async () => undefined,
    ...ownTypes(),
    appVersion: '0.1.0',
    parked: async () => [],
    onState: () => undefined,
    ...change,
  });
}
