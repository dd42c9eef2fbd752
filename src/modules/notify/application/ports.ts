import type { Backlog } from '../../../kernel/backlog.ts';
import type { Language } from '../../../kernel/human-text.ts';
import type { NoticeKind } from '../contract.ts';
import type { Message } from '../domain/message.ts';

export type Contact = { readonly phone: string; readonly email: string | null; readonly language: Language };

/** Port: how a guest is reached; null when the account is erased. */
export type ContactOf = (userId: string) => Promise<Contact | null>;

/** Port: what a park is called and which time its clocks show; null when there is no such park. */
export type ParkNames = (
  parkId: string,
) => Promise<{ readonly names: Readonly<Record<Language, string>>; readonly timeZone: string } | null>;

/** Port: an instant as the clock on the wall of a place shows it. */
export type WallClock = (instantMs: number, timeZone: string, language: Language) => string;

/**
 * Port: whether a text message may go to the number of a guest for what costs whoever makes it happen nothing; takes what it
 * costs us from what may be spent.
 */
export type MayText = (userId: string, phone: string) => Promise<boolean>;

export type Channel = 'sms' | 'email';

export type Letter = Message & { readonly to: string };

export type DueMessage = {
  readonly messageId: string;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  /** Null when its receiver was erased meanwhile. */
  readonly letter: Letter | null;
  /** Failed tries so far. */
  readonly attempts: number;
};

/** A message as its receiver may see it. */
export type KeptMessage = {
  readonly messageId: string;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  readonly letter: Letter | null;
  readonly createdAtMs: number;
  /** Null while it was not sent. */
  readonly sentAtMs: number | null;
};

export type SendOutcome =
  | { readonly kind: 'sent' }
  /** Nobody took it; another try may do. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It will never be taken: a number that does not exist, a text that is not allowed. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Port: brings messages to people. Never throws for what the network or the operator does. */
export type Messenger = {
  send(message: {
    readonly messageId: string;
    readonly kind: NoticeKind;
    readonly letter: Letter;
  }): Promise<SendOutcome>;
};

export type TryRecord =
  | { readonly kind: 'sent' | 'dropped' }
  | { readonly kind: 'again'; readonly nextTryAtMs: number; readonly reason: string }
  | { readonly kind: 'given_up'; readonly reason: string };

/** Port: messages to be sent, sealed under the keys of their receivers. */
export type Outbox = {
  /** Keeps a message; one that is there already stays as it is. */
  put(
    message: {
      readonly messageId: string;
      readonly userId: string;
      readonly kind: NoticeKind;
      readonly channel: Channel;
      readonly letter: Letter;
    },
    nowMs: number,
  ): Promise<void>;
  /**
   * Tries what is due, several at once; a channel that hangs holds up no other. What is tried and not recorded within a
   * while is due again. Answers how many tries it began.
   */
  workOff(stopping: AbortSignal, tryOnce: (due: DueMessage) => Promise<void>): Promise<number>;
  /** What a guest was or will be sent, in the order of the ids. @param after only messages with a greater id */
  ofUser(userId: string, after: string | null, limit: number): Promise<readonly KeptMessage[]>;
  record(messageId: string, record: TryRecord, nowMs: number): Promise<void>;
  /** Forgets what was made before an instant; answers how many. */
  forget(beforeMs: number): Promise<number>;
  /** What is still to be sent. */
  backlog(): Promise<Backlog>;
};
