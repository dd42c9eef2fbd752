import type { GatesOf, HomeOf, ParkHome } from '../contract.ts';
import type { Homes } from './ports.ts';

/** What headquarters is called at parks, whatever its own name is. */
export const HEADQUARTERS = 'hq';

type Dependencies = {
  readonly homes: Homes;
  readonly nodeId: string;
  readonly role: 'hq' | 'park';
};

/** Who is at home where. Of a day that no park node has, it is headquarters: by its own name there, as `hq` at parks. */
export const createGatesOf =
  ({ homes, nodeId, role }: Dependencies): GatesOf =>
  async (parkId, date) => {
    const { node, nodes } = await homes.at(parkId, date);
    return { home: node ?? (role === 'hq' ? nodeId : HEADQUARTERS), nodes };
  };

export const createHomeOf = (dependencies: Dependencies): HomeOf => {
  const gatesOf = createGatesOf(dependencies);
  return async (parkId, date) => (await gatesOf(parkId, date)).home;
};

export type HomesOf = (parkId: string) => Promise<readonly ParkHome[]>;
