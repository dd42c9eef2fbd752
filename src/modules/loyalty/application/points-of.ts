import type { Ids } from '../../../kernel/ids.ts';

/** The stream that the points of a guest are on. */
export const pointsStream = (ids: Pick<Ids, 'derive'>, userId: string): string => ids.derive(`points:${userId}`);
