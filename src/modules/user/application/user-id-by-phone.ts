import type { EventStore } from '../../../kernel/event-store.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { PHONE_SCOPE, type PhoneNumbers } from './phone-numbers.ts';

/** Whose number it is: null when it is nobody's, refused when it is no mobile number. */
export type UserIdByPhone = (phone: string) => Promise<Result<string | null, { readonly code: 'bad_phone' }>>;

type Dependencies = {
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly vault: Vault;
  readonly phones: PhoneNumbers;
};

export function createUserIdByPhone({ store, vault, phones }: Dependencies): UserIdByPhone {
  return async (phone) => {
    const number = phones.parse(phone);
    if (number === null) return refuse({ code: 'bad_phone' });
    return ok(await store.ownerOf(PHONE_SCOPE, vault.blindIndex(PHONE_SCOPE, number)));
  };
}
