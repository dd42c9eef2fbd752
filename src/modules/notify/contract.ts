import type { Tyiyn } from '../../kernel/money.ts';
import type { LocalDate } from '../../kernel/time.ts';

type Visit = { readonly parkId: string; readonly visitDate: LocalDate };

/** What a guest is told of, without being asked. */
export type Notice =
  | ({ readonly kind: 'ticket_paid'; readonly people: number } & Visit)
  | ({ readonly kind: 'hold_expired' } & Visit)
  /** `refundTyiyn` is what goes back, 0 when nothing was paid. */
  | ({ readonly kind: 'ticket_cancelled' | 'day_cancelled'; readonly refundTyiyn: Tyiyn } & Visit)
  /** Somebody had come in before the park heard of the cancellation; no money goes back. */
  | ({ readonly kind: 'cancel_denied' } & Visit)
  | ({ readonly kind: 'ticket_moved'; readonly fromDate: LocalDate } & Visit)
  /** Somebody had come in on the day that the ticket was moved from, `visitDate`: it is for that day again. */
  | ({ readonly kind: 'move_undone'; readonly fromDate: LocalDate } & Visit)
  | { readonly kind: 'money_returned'; readonly amountTyiyn: Tyiyn }
  /** Places of a full day came free and are held for the guest until then. */
  | ({ readonly kind: 'place_offered'; readonly untilMs: number } & Visit)
  | { readonly kind: AccountNoticeKind };

/** What happened to an account that its owner may not have done. */
export type AccountNoticeKind =
  | 'new_device'
  | 'password_changed'
  | 'signed_out_everywhere'
  /** A token was shown that had been traded before: somebody else may have it. */
  | 'session_stolen'
  | 'phone_verified'
  | 'roles_changed'
  | 'factor_enrolled'
  | 'factor_removed'
  /** By somebody else, because its owner had lost it. */
  | 'factor_reset'
  | 'recovery_code_used'
  | 'recovery_codes_renewed'
  /** Many codes of the app were wrong, each beside the right password. */
  | 'factor_guessed'
  /** So many that its codes count no more for a time. */
  | 'factor_closed'
  /** One that counts had counted further before. */
  | 'passkey_copied';

export type NoticeKind = Notice['kind'];

/** Told once for each `noticeId`, however often it is asked for. */
export type NotifyGuest = (notice: {
  readonly noticeId: string;
  readonly userId: string;
  readonly notice: Notice;
}) => Promise<void>;
