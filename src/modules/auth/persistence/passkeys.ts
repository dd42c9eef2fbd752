import type { Vault } from '../../../kernel/vault.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Credential, Passkey, Passkeys } from '../application/passkeys.ts';
import { lockedKinds, replaceCodes } from './second-factors.ts';

const OF_USER = statement(
  'auth.passkeys-of-user',
  `select id, sealed, store.to_ms(created_at) as created_at, store.to_ms(used_at) as used_at from auth.passkey
   where user_id = $1 order by created_at, id`,
);
// What ends sessions waits for it, or it for them: whoever was signed out meanwhile adds nothing.
const LIVES = statement(
  'auth.session-adds-passkey',
  `select from auth.session
   where id = $1 and user_id = $2 and revoked_at is null and expires_at > store.from_ms($3) for update`,
);
const COUNT = statement(
  'auth.count-passkeys',
  'select count(*)::integer as known from auth.passkey where user_id = $1',
);
const ADD = statement(
  'auth.add-passkey',
  `insert into auth.passkey (id, user_id, credential_index, sealed, counter, created_at, is_told)
   values ($1, $2, $3, $4, $5, store.from_ms($6), false) on conflict (credential_index) do nothing returning id`,
);
// Those that do not count tell 0 for ever.
const USE = statement(
  'auth.use-passkey',
  `update auth.passkey set counter = $2, used_at = store.from_ms($3)
   where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
);
const UNTOLD = statement(
  'auth.untold-passkeys',
  `select id as "passkeyId", user_id as "userId" from auth.passkey
   where not is_told and created_at < store.from_ms($1) limit 100`,
);
const NOTE_TOLD = statement('auth.note-passkey-told', 'update auth.passkey set is_told = true where id = $1');
const EXISTS = statement('auth.passkey-exists', 'select id from auth.passkey where id = $1');

const CREDENTIAL_SCOPE = 'passkey';

type Row = {
  readonly id: string;
  readonly sealed: string;
  readonly created_at: number;
  readonly used_at: number | null;
};

/** What is sealed of a passkey. */
type Sealed = Credential & { readonly name: string };

type Dependencies = { readonly database: Database; readonly vault: Pick<Vault, 'blindIndex' | 'seal' | 'open'> };

export function createPasskeys({ database, vault }: Dependencies): Passkeys {
  async function toPasskey({ id, sealed, created_at, used_at }: Row): Promise<readonly Passkey[]> {
    const text = await vault.open(sealed);
    if (text === null) return [];
    const opened = JSON.parse(text) as Sealed;
    return [{ passkeyId: id, ...opened, createdAtMs: created_at, usedAtMs: used_at }];
  }
  return {
    async of(userId) {
      const rows = await database.rows<Row>(OF_USER, [userId]);
      return (await Promise.all(rows.map(toPasskey))).flat();
    },
    async add({ userId, sessionId, passkeyId, name, counter, nowMs, ...credential }, { most, recoveryCodes }) {
      const { credentialId, publicKey, transports } = credential;
      const content: Sealed = { credentialId, publicKey, transports, name };
      const sealed = await vault.seal(userId, JSON.stringify(content));
      if (sealed === null) return 'gone';
      const index = vault.blindIndex(CREDENTIAL_SCOPE, credentialId);
      return database.transaction(async (sql) => {
        const kinds = await lockedKinds(sql, userId);
        if (kinds === null) return 'gone';
        if ((await sql.rows(LIVES, [sessionId, userId, nowMs])).length === 0) return 'signed_out';
        const [row] = await sql.rows<{ known: number }>(COUNT, [userId]);
        if ((row?.known ?? 0) >= most) return 'too_many';
        const isFirst = kinds.length === 0;
        if (isFirst && recoveryCodes.length === 0) return 'without_codes';
        const added = await sql.rows(ADD, [passkeyId, userId, index, sealed, counter, nowMs]);
        if (added.length === 0) return 'taken';
        if (isFirst) await replaceCodes(sql, userId, recoveryCodes);
        return isFirst ? 'first' : 'further';
      });
    },
    untold: (addedBeforeMs) =>
      database.rows<{ readonly passkeyId: string; readonly userId: string }>(UNTOLD, [addedBeforeMs]),
    async noteTold(passkeyId) {
      await database.rows(NOTE_TOLD, [passkeyId]);
    },
    async use({ passkeyId, counter, nowMs }) {
      if ((await database.rows(USE, [passkeyId, counter, nowMs])).length > 0) return 'used';
      return (await database.rows(EXISTS, [passkeyId])).length > 0 ? 'fallen_back' : 'gone';
    },
  };
}
