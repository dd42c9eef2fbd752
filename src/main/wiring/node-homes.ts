import { PARKS_TIME_ZONE } from '../../kernel/time.ts';
import { lagOf, type Lag } from './lag-of.ts';
import type { Wiring } from './tools.ts';

/** Which node serves which park, the log that a node writes, and how old what we know of it is. */
export const nodeHomes = ({ tools, all }: Wiring) => {
  const { replication, nodeId, role, clock, zone } = tools;
  const homeOf = (parkId: string, date: string): Promise<string> => all().nodes.homeOf(parkId, date);
  return {
    homeOf,
    ownIncarnation: async (): Promise<string> => (await replication.head()).incarnation,
    /** A park gives up its shares instead, in the first append of a new life. */
    isFenced: async (parkId: string, date: string): Promise<boolean> =>
      role === 'hq' && (await all().nodes.sellingFence.isUp()) && (await homeOf(parkId, date)) !== nodeId,
    isSetBack: async (): Promise<boolean> => role === 'hq' && all().nodes.sellingFence.isUp(),
    async incarnationOf(ofNode: string): Promise<string | null> {
      // By the register: of a life that has just begun nothing may have come yet.
      const lives = (await all().nodes.find(ofNode))?.incarnations ?? [];
      return lives.findLast(({ closed }) => closed === null)?.incarnation ?? null;
    },
    gateDayOver: (parkId: string, date: string): Promise<boolean> => all().admission.isGateDayEnded(parkId, date),
    writers: (): Promise<readonly string[]> => all().nodes.writers(),
    /** Null where this node serves the gates of today. */
    async gateLag(parkId: string): Promise<Lag | null> {
      const nowMs = clock.now();
      const home = await homeOf(parkId, zone.dateAt(nowMs, PARKS_TIME_ZONE));
      if (home === nodeId) return null;
      const [contact, peers, authors] = await Promise.all([
        all().nodes.contacts.of(home),
        replication.peers(),
        replication.authors(),
      ]);
      return lagOf({
        contact,
        receivedMs: peers.find(({ peerNodeId }) => peerNodeId === home)?.lastContactMs ?? null,
        heldSeq: authors.find(({ incarnation }) => incarnation === contact?.incarnation)?.seq ?? 0,
        nowMs,
      });
    },
  };
};
