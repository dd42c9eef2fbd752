import type { Ids } from '../../../kernel/ids.ts';

/** The stream on which the gates of a ticket meet; not the ticket's own, which its seller writes. */
export const admissionStreamId = (ids: Ids, ticketId: string): string => ids.derive(`admission:${ticketId}`);
