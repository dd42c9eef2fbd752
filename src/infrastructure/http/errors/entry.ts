import type { Language } from '../../../kernel/human-text.ts';

export type { Language };

/** One row of the error table: what a refusal code means over HTTP and how it is called. */
export type ErrorEntry = {
  readonly status: number;
  readonly title: Readonly<Record<Language, string>>;
  /** Seconds after which a repeat makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The answer may differ a moment later, so it is never kept for an idempotency key. */
  readonly transient?: true;
};

export const entry = (
  status: number,
  en: string,
  ru: string,
  ky: string,
  more: Pick<ErrorEntry, 'retryAfterSeconds' | 'transient'> = {},
): ErrorEntry => ({
  status,
  title: { en, ru, ky },
  ...more,
});

export const soon = { retryAfterSeconds: 1, transient: true } as const;
export const later = { retryAfterSeconds: 30, transient: true } as const;
