import type { HomeOf, ParkHome } from '../contract.ts';
import type { Homes } from './ports.ts';

/** What headquarters is called at parks, whatever its own name is. */
const HEADQUARTERS = 'hq';

type Dependencies = {
  readonly homes: Homes;
  readonly nodeId: string;
  readonly role: 'hq' | 'park';
};

/** Who is at home where. Of a day that no park node has, it is headquarters: by its own name there, as `hq` at parks. */
export const createHomeOf =
  ({ homes, nodeId, role }: Dependencies): HomeOf =>
  async (parkId, date) => {
    const home = await homes.at(parkId, date);
    return home ?? (role === 'hq' ? nodeId : HEADQUARTERS);
  };

export type HomesOf = (parkId: string) => Promise<readonly ParkHome[]>;
