/** What became of a message. Reasons name nobody and repeat nothing of the message: they are kept and logged. */
export type SendOutcome = { readonly kind: 'sent' } | { readonly kind: 'failed' | 'refused'; readonly reason: string };

/** A way to people that somebody else runs. */
export type Channel<Letter> = {
  /**
   * Never throws for what the network or the other side does. A message that is sent again under its id reaches nobody twice,
   * as far as the other side can tell.
   */
  send(message: { readonly messageId: string; readonly letter: Letter }): Promise<SendOutcome>;
  /** Whether it is asked at all: not while it failed too often in a row. */
  ready(): boolean;
};
