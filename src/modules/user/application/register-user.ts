import { BrokenInvariant } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Profile } from '../domain/user-messages.ts';
import { user } from '../domain/user.ts';
import type { ConsentDocument } from './consents.ts';
import { PHONE_SCOPE, type PhoneNumbers } from './phone-numbers.ts';

export type NewAccount = Profile & {
  /** A fresh id: it becomes the account's for ever. */
  readonly userId: string;
  /** As typed. */
  readonly phone: string;
};

export type RegisterUser = (
  account: NewAccount,
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'phone_taken' | 'bad_phone' | 'bad_name' }>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly vault: Vault;
  readonly phones: PhoneNumbers;
  /** Registering agrees to the required ones. */
  readonly documents: readonly ConsentDocument[];
};

/** Opens an account. Of two that register one number at the same time, on any two processes, one is refused. */
export function createRegisterUser({ runner, vault, phones, documents }: Dependencies): RegisterUser {
  const required = documents.filter((document) => document.required);
  const consents = required.map(({ document, version }) => ({ document, version }));
  return async ({ userId, phone, name, email, language }, meta) => {
    const number = phones.parse(phone);
    if (number === null) return refuse({ code: 'bad_phone' });
    const claim = { scope: PHONE_SCOPE, key: vault.blindIndex(PHONE_SCOPE, number), owner: userId };
    const command = { kind: 'register', userId, phone: number, name, email, language, consents } as const;
    const done = await runner.run(user, userId, command, meta, { isNew: true, claims: [claim] });
    if (done.ok) return ok(null);
    switch (done.refusal.code) {
      case 'claimed':
        return refuse({ code: 'phone_taken' });
      case 'bad_name':
        return refuse({ code: 'bad_name' });
      default:
        throw new BrokenInvariant(`a fresh account cannot be refused as ${done.refusal.code}`);
    }
  };
}
