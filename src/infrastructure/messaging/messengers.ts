/** A message on its way to a person. */
type Outgoing = { readonly messageId: string; readonly kind: string };

/** For demos: says that there was a message, and of which kind, and never to whom or what it said. */
export const createAnnouncingMessenger = (announce: (message: string) => void, channel: string) => ({
  async send({ messageId, kind }: Outgoing): Promise<{ readonly kind: 'sent' }> {
    announce(`demo mode: a message (${kind}, ${messageId}) would have gone out by ${channel}`);
    return { kind: 'sent' };
  },
});

/** Stands where no channel is configured: every message is kept with the reason why it was not sent. */
export const createMissingMessenger = (channel: string) => ({
  async send(): Promise<{ readonly kind: 'refused'; readonly reason: string }> {
    return { kind: 'refused', reason: `no ${channel} channel is configured` };
  },
});
