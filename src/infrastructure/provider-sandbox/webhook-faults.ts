import type { FaultAt } from './faults.ts';

/** How one message differs from what it should be. */
export type WebhookTwist = {
  /** Tells of a refused try before the payment instead of the payment. */
  readonly isOfEarlierTry?: boolean;
  readonly hasWrongSignature?: boolean;
  /** How old the message says it is. */
  readonly ageMs?: number;
};

/** Whether a merchant who looks takes no notice of such a message. */
export const isToBeRefused = ({ hasWrongSignature = false, ageMs = 0 }: WebhookTwist): boolean =>
  hasWrongSignature || ageMs > 0;

/** Older than what merchants take. */
const STALE_MS = 600_000;

/** The messages of one attempt, one after another; those in one list go out at once. */
export const messagesOf = (fault: FaultAt<'webhook'> | null): readonly (readonly WebhookTwist[])[] => {
  switch (fault) {
    case null:
    case 'late':
      return [[{}]];
    case 'lost':
      return [];
    case 'duplicate':
      return [[{}, {}]];
    case 'out_of_order':
      return [[{}], [{ isOfEarlierTry: true }]];
    case 'declined_first':
      return [[{ isOfEarlierTry: true }], [{}]];
    case 'wrong_signature':
      return [[{ hasWrongSignature: true }]];
    case 'stale_timestamp':
      return [[{ ageMs: STALE_MS }]];
  }
};
