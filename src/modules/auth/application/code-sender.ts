import type { CodePurpose } from '../domain/one-time-code.ts';

export type CodeMessage = {
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  readonly purpose: CodePurpose;
  readonly language: 'ru' | 'ky' | 'en';
};

/** Port: brings a code to a telephone. */
export type CodeSender = { send(message: CodeMessage): Promise<void> };
