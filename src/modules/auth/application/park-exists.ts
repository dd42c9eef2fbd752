/** Port: whether the chain has a park of this id. */
export type ParkExists = (parkId: string) => Promise<boolean>;
