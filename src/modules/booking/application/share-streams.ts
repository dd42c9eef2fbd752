import type { Ids } from '../../../kernel/ids.ts';
import type { LocalDate } from '../../../kernel/time.ts';

/** The stream on which headquarters grants a day's places and takes them back. */
export const grantsStreamId = (ids: Ids, parkId: string, date: LocalDate): string =>
  ids.derive(`day-grants:${parkId}/${date}`);

/** The stream of what one node has of a day; no other node writes it. */
export const shareStreamId = (ids: Ids, parkId: string, date: LocalDate, nodeId: string): string =>
  ids.derive(`park-share:${parkId}/${date}/${nodeId}`);
