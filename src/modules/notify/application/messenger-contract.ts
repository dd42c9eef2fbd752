import { afterEach, describe, expect, test } from 'vitest';
import type { Letter, Messenger } from './ports.ts';

/** What the suite needs from an implementation: one to send with, and what stands on its other side. */
export type MessengerHarness = {
  readonly messenger: Messenger;
  /** Where it sends to. */
  readonly to: string;
  /** What people got so far, each message once however often it came; null where nobody gets anything. */
  readonly received: (() => readonly Pick<Letter, 'to' | 'text'>[]) | null;
  /** Takes the other side away; null where there is none. */
  readonly away: (() => Promise<void>) | null;
  close(): Promise<void>;
};

/** Defines the tests that every implementation of {@link Messenger} that can send must pass. */
export function describeMessenger(name: string, open: () => Promise<MessengerHarness>): void {
  describe(`messenger: ${name}`, () => {
    const closing: (() => Promise<void>)[] = [];
    const opened = async (): Promise<MessengerHarness> => {
      const harness = await open();
      closing.push(harness.close);
      return harness;
    };
    afterEach(async () => {
      await Promise.all(closing.splice(0).map((close) => close()));
    });
    const message = (to: string, text: string, messageId = 'message-1') => {
      return { messageId, kind: 'ticket_paid', letter: { to, subject: 'Билет', text } } as const;
    };

    test('what is sent arrives at its receiver word for word, in every alphabet', async () => {
      const { messenger, to, received } = await opened();
      const texts = ['Парк «Ала-Арча»: билет төлөндү 🎟', `<b>A & B</b> "it's" ]]> %41 =?utf-8?`, '.\nтри\n.\nстроки'];
      for (const [index, text] of texts.entries()) {
        expect(await messenger.send(message(to, text, `message-${index}`))).toEqual({ kind: 'sent' });
      }
      if (received !== null) expect(received()).toEqual(texts.map((text) => ({ to, text })));
    });

    test('what is sent twice, also at once, is sent, and its receiver has it once', async () => {
      const { messenger, to, received } = await opened();
      const [first, second] = [messenger.send(message(to, 'once')), messenger.send(message(to, 'once'))];
      expect(await Promise.all([first, second])).toEqual([{ kind: 'sent' }, { kind: 'sent' }]);
      expect(await messenger.send(message(to, 'once'))).toEqual({ kind: 'sent' });
      if (received !== null) expect(received()).toEqual([{ to, text: 'once' }]);
    });

    test('while nobody takes it a message is failed, and what is said of that tells no number and no word of it', async () => {
      const { messenger, to, away } = await opened();
      await away?.();
      const outcome = await messenger.send(message(to, 'a secret'));
      expect(outcome.kind).toBe(away === null ? 'sent' : 'failed');
      expect(JSON.stringify(outcome)).not.toContain('secret');
      expect(JSON.stringify(outcome)).not.toContain(to);
    });
  });
}
