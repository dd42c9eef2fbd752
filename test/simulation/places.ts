/** The parks of a simulated world. */
export const PARKS = ['alpha', 'beta'] as const;
export type ParkId = (typeof PARKS)[number];
/** So few that they run out. */
export const CAPACITY = 30;

export const nodeIdOf = (parkId: ParkId): string => `park-${parkId}`;
/** Headquarters first. */
export const NODE_IDS = ['hq', ...PARKS.map(nodeIdOf)];
