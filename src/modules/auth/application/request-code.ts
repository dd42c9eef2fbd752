import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { CODE_BYTES, CODE_MS, codeOf, type CodePurpose } from '../domain/one-time-code.ts';
import type { Accounts } from './accounts.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { ChainLimits } from './chain-limits.ts';
import type { CodeMessage, CodeSender } from './code-sender.ts';
import { NOBODY } from './login.ts';
import type { CodeKey, OneTimeCodes } from './one-time-codes.ts';

export type CodeRequest = { readonly phone: string; readonly purpose: CodePurpose; readonly address: string };

export type CodeRequestRefusal = { readonly code: 'bad_phone' | 'codes_unavailable' } | TooMany;

/** Sends a code to a number if an account has it; the answer does not say whether. */
export type RequestCode = (request: CodeRequest) => Promise<Result<null, CodeRequestRefusal>>;

/** Port: the number in E.164, or null when the text is no mobile number. */
export type ParsePhone = (text: string) => string | null;

/** The keyed hashes of numbers and codes. */
type BlindIndex = Pick<Vault, 'blindIndex'>;

type Dependencies = {
  readonly parsePhone: ParsePhone;
  readonly accounts: Accounts;
  readonly codes: OneTimeCodes;
  /** Null when this installation has no way to send one. */
  readonly codeSender: CodeSender | null;
  readonly attempt: Attempt;
  readonly chainLimits: Pick<ChainLimits, 'maySend'>;
  readonly vault: BlindIndex;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

const SALT_BYTES = 16;

export const codeKey = (vault: BlindIndex, phone: string, purpose: CodePurpose): CodeKey => ({
  phoneIndex: vault.blindIndex('one-time-code-phone', phone),
  purpose,
});

/**
 * What is kept of a code. A million codes are tried in a moment however slow the hash, so it is keyed: without the master
 * key, which is not in the database, a copy of the table tells nothing.
 */
export const hashOfCode = (vault: BlindIndex, { phoneIndex, purpose }: CodeKey, salt: string, code: string): string =>
  vault.blindIndex('one-time-code', [salt, purpose, phoneIndex, code].join('\0'));

export function createRequestCode(dependencies: Dependencies): RequestCode {
  const { parsePhone, accounts, codes, codeSender, attempt, chainLimits, vault, ids, clock, onError } = dependencies;
  async function sendWithinLimits(sender: CodeSender, message: CodeMessage): Promise<void> {
    if (await chainLimits.maySend(message.phone)) await sender.send(message);
  }

  return async ({ phone: text, purpose, address }) => {
    if (codeSender === null) return refuse({ code: 'codes_unavailable' });
    const phone = parsePhone(text);
    if (phone === null) return refuse({ code: 'bad_phone' });
    const allowed = await attempt('otp', phone, address);
    if (!allowed.ok) return allowed;
    // The same steps whoever has the number; only the sending differs, and nobody waits for it.
    const owner = await accounts.userIdByPhone(phone);
    if (!owner.ok) return owner;
    const account = await accounts.profile(owner.value ?? NOBODY);
    const code = codeOf(Buffer.from(ids.secret(CODE_BYTES), 'base64url'));
    const salt = ids.secret(SALT_BYTES);
    const key = codeKey(vault, phone, purpose);
    const codeHash = hashOfCode(vault, key, salt, code);
    await codes.put(key, { userId: owner.value, salt, codeHash, expiresAtMs: clock.now() + CODE_MS, wrongTries: 0 });
    // Over the limits of the chain the answer stays the same: a refusal would tell that an account has the number.
    if (account !== null) {
      sendWithinLimits(codeSender, { phone, code, purpose, language: account.language }).catch(onError);
    }
    return ok(null);
  };
}
