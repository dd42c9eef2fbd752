import type { LimitPolicy, Limiter } from '../../../kernel/limiter.ts';
import type { Sessions } from './sessions.ts';

/** What happened to an account that its owner may not have done. */
export type AccountNotice =
  | 'new_device'
  | 'password_changed'
  | 'signed_out_everywhere'
  | 'session_stolen'
  | 'factor_enrolled'
  | 'factor_removed'
  | 'factor_reset'
  | 'recovery_code_used'
  | 'recovery_codes_renewed'
  | 'factor_guessed'
  | 'factor_closed'
  | 'passkey_copied';

/** Port: tells the owner of an account, once for each occasion. */
export type NotifyOwner = (userId: string, notice: AccountNotice, occasion: string) => Promise<void>;

/** Tells the owner, unless they were told often enough lately. What was done stays done when nobody can be told. */
export type TellOwner = NotifyOwner;

/** Tells the owner of a new session, if the program that signed in was not seen before. */
export type TellOfSignIn = (userId: string, sessionId: string, userAgent: string | null) => Promise<void>;

/** More than happens to anybody; each is a text message that we pay for. */
const NOTICES: LimitPolicy = { name: 'account-notices', limit: 10, windowSeconds: 3_600 };

type Dependencies = {
  readonly limiter: Limiter;
  readonly notifyOwner: NotifyOwner;
  readonly onError: (error: unknown) => void;
};

export const createTellOwner =
  ({ limiter, notifyOwner, onError }: Dependencies): TellOwner =>
  async (userId, notice, occasion) => {
    const told = await limiter.take(NOTICES, userId);
    if (told.ok) await notifyOwner(userId, notice, occasion).catch(onError);
  };

export const createTellOfSignIn =
  (sessions: Pick<Sessions, 'hasOthersOf'>, tellOwner: TellOwner): TellOfSignIn =>
  async (userId, sessionId, userAgent) => {
    if (await sessions.hasOthersOf({ sessionId, userId, userAgent })) return;
    await tellOwner(userId, 'new_device', `sign-in:${sessionId}`);
  };
