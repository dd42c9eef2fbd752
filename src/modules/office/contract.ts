/** What other systems may be told of. These names and the shape of their data are stable. */
export type WebhookTopic =
  | 'ticket.activated'
  | 'ticket.cancelled'
  | 'ticket.refunded'
  | 'ticket.expired'
  | 'visit.admitted'
  | 'payment.succeeded'
  | 'refund.succeeded';

/** A fact for other systems: ids and figures, nothing personal. */
export type OutsideFact = {
  /** Id of the event it is made of: the receiver's key against repeats. */
  readonly eventId: string;
  readonly topic: WebhookTopic;
  readonly parkId: string | null;
  readonly occurredAtMs: number;
  readonly data: Readonly<Record<string, string | number | null>>;
};
