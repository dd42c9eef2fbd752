import type { Result } from '../../../kernel/result.ts';

/** More passwords are waiting to be hashed than can be soon. */
export type Busy = { readonly code: 'busy' };

/**
 * Port: slow hashing of passwords, a few at a time whatever arrives, so that a rush of logins leaves the processors to
 * gates and buyers.
 */
export type Passwords = {
  hash(password: string): Promise<Result<string, Busy>>;
  /** Whether the password is the one that was hashed. Without a hash it takes the same time and answers false. */
  matches(hash: string | null, password: string): Promise<Result<boolean, Busy>>;
  /** Whether a hash is cheaper to guess than one made today would be. */
  isOutdated(hash: string): boolean;
};
