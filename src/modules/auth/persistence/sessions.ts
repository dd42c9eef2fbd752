import { unreachable } from '../../../kernel/assert.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement, type Session as SqlSession } from '../../../infrastructure/postgres/session.ts';
import type { LiveSession, RevocationReason, SessionChange, Sessions, ShownSession } from '../application/sessions.ts';

/** Both rows or none. */
const OPEN = statement(
  'auth.open-session',
  `with opened as (
     insert into auth.session (id, user_id, opened_at, expires_at, generation, refreshed_at, user_agent,
       authenticated_at, is_two_factor)
     values ($1, $2, store.from_ms($3), store.from_ms($4), 1, store.from_ms($3), $6, store.from_ms($8), $7) returning id
   )
   insert into auth.refresh_token (token_hash, session_id, generation) select $5, id, 1 from opened`,
);

// Where it was not noted, the session may have been opened by a code by SMS: that is no proof.
const PROVEN_AT = 'coalesce(authenticated_at, store.from_ms(0)) as authenticated_at';

const LOCK = statement(
  'auth.lock-session-by-token',
  `select s.id, s.user_id, s.expires_at, s.generation, s.refreshed_at, s.revoked_at is not null as revoked, s.masked_token,
     t.generation as shown_generation, ${PROVEN_AT}, s.is_two_factor
   from auth.refresh_token t join auth.session s on s.id = t.session_id where t.token_hash = $1 for update of s`,
);

const ROTATE = statement(
  'auth.rotate-session',
  `with rotated as (
     update auth.session set generation = generation + 1, refreshed_at = store.from_ms($2), masked_token = $4
     where id = $1 returning id, generation
   )
   insert into auth.refresh_token (token_hash, session_id, generation) select $3, id, generation from rotated`,
);

const PROVE = statement(
  'auth.prove-session',
  `update auth.session set authenticated_at = store.from_ms($3), is_two_factor = $4
   where id = $1 and user_id = $2 and revoked_at is null and expires_at > store.from_ms($3) returning expires_at`,
);

const NOTE_FACTOR = statement(
  'auth.note-factor-of-session',
  `update auth.session set is_two_factor = true
   where id = $1 and user_id = $2 and revoked_at is null and expires_at > store.from_ms($3)
   returning expires_at, ${PROVEN_AT}`,
);

const FORGET_FACTOR = statement(
  'auth.forget-factor-of-sessions',
  'update auth.session set is_two_factor = false where user_id = $1 and is_two_factor',
);

const NOTE_ISSUED = statement(
  'auth.note-token-issued',
  `insert into auth.token_mark (issued_at) values (store.from_ms($1))
   on conflict (only_row) do update set issued_at = excluded.issued_at where token_mark.issued_at < excluded.issued_at`,
);

const REVOKE = statement(
  'auth.revoke-session',
  `update auth.session set revoked_at = auth.after_tokens(store.from_ms($3)), revoked_because = $2, masked_token = null
   where id = $1 and revoked_at is null`,
);

const REVOKE_OWN = statement(
  'auth.revoke-session-of-user',
  `update auth.session set revoked_at = auth.after_tokens(store.from_ms($4)), revoked_because = $3, masked_token = null
   where id = $1 and user_id = $2 and revoked_at is null returning id`,
);

const REVOKE_ALL = statement(
  'auth.revoke-sessions-of-user',
  `update auth.session set revoked_at = auth.after_tokens(store.from_ms($3)), revoked_because = $2, masked_token = null
   where user_id = $1 and revoked_at is null and id is distinct from $4`,
);

const CLOSE = statement(
  'auth.close-sessions-of-user',
  `with closed as (
     update auth.session set masked_token = null, user_agent = null,
       revoked_at = coalesce(revoked_at, auth.after_tokens(store.from_ms($2))), revoked_because = coalesce(revoked_because, 'account_closed')
     where user_id = $1 returning id
   )
   delete from auth.refresh_token t using closed c where t.session_id = c.id`,
);

const LIVE = statement(
  'auth.live-sessions-of-user',
  `select id, opened_at, refreshed_at, expires_at, user_agent from auth.session
   where user_id = $1 and revoked_at is null and expires_at > store.from_ms($2) and refreshed_at > store.from_ms($3)
     and ($4::uuid is null or id < $4) order by id desc limit $5`,
);

const KEPT_OF = statement(
  'auth.kept-sessions-of-user',
  `select id, opened_at, refreshed_at, expires_at, user_agent, revoked_at, revoked_because from auth.session
   where user_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
);

const HAS_OTHERS = statement(
  'auth.has-other-sessions-of-program',
  `select exists (
     select from auth.session where user_id = $1 and id <> $2 and user_agent is not distinct from $3
   ) as has`,
);

const REVOKED_SINCE = statement(
  'auth.sessions-revoked-since',
  'select id from auth.session where revoked_at > store.from_ms($1)',
);

const FORGET = statement(
  'auth.forget-ended-sessions',
  `delete from auth.session where expires_at < store.from_ms($1) or refreshed_at < store.from_ms($2)
     or revoked_at < store.from_ms($3) returning id`,
);

type Row = {
  readonly id: string;
  readonly user_id: string;
  readonly expires_at: number;
  readonly generation: number;
  readonly refreshed_at: number;
  readonly revoked: boolean;
  readonly masked_token: Uint8Array | null;
  readonly shown_generation: number;
  readonly authenticated_at: number;
  readonly is_two_factor: boolean;
};

type Rows = Pick<SqlSession, 'rows'>;

type LiveRow = {
  readonly id: string;
  readonly opened_at: number;
  readonly refreshed_at: number;
  readonly expires_at: number;
  readonly user_agent: string | null;
};

type KeptRow = LiveRow & { readonly revoked_at: number | null; readonly revoked_because: string | null };

const toLive = (row: LiveRow): LiveSession => ({
  sessionId: row.id,
  openedAtMs: row.opened_at,
  refreshedAtMs: row.refreshed_at,
  expiresAtMs: row.expires_at,
  userAgent: row.user_agent,
});

const toShown = (row: Row): ShownSession => ({
  session: {
    sessionId: row.id,
    userId: row.user_id,
    expiresAtMs: row.expires_at,
    generation: row.generation,
    refreshedAtMs: row.refreshed_at,
    revoked: row.revoked,
    authenticatedAtMs: row.authenticated_at,
    isTwoFactor: row.is_two_factor,
  },
  generation: row.shown_generation,
  maskedToken: row.masked_token,
});

async function apply(sql: SqlSession, sessionId: string, change: SessionChange): Promise<void> {
  switch (change.kind) {
    case 'keep':
      return;
    case 'rotate':
      await sql.rows(ROTATE, [sessionId, change.atMs, change.tokenHash, change.maskedToken]);
      return;
    case 'revoke':
      await sql.rows(REVOKE, [sessionId, change.reason, change.atMs]);
      return;
    default:
      unreachable(change, 'change of a session');
  }
}

type Ending = {
  readonly reason: RevocationReason;
  readonly atMs: number;
  readonly exceptSessionId?: string | undefined;
};

/** Ends the sessions of an account, beside what else a transaction does. */
export async function endSessions(sql: Rows, userId: string, { reason, atMs, exceptSessionId }: Ending): Promise<void> {
  await sql.rows(REVOKE_ALL, [userId, reason, atMs, exceptSessionId ?? null]);
}

/** Notes of every session of an account that it is one of the password alone, as the account has no other factor any more. */
export async function forgetFactor(sql: Rows, userId: string): Promise<void> {
  await sql.rows(FORGET_FACTOR, [userId]);
}

export function createSessions(database: Database): Sessions {
  return {
    async open({ sessionId, userId, openedAtMs, expiresAtMs, tokenHash, userAgent, isTwoFactor, authenticatedAtMs }) {
      const how = [userAgent, isTwoFactor, authenticatedAtMs];
      await database.rows(OPEN, [sessionId, userId, openedAtMs, expiresAtMs, tokenHash, ...how]);
    },
    change: (tokenHash, decide) =>
      database.transaction(async (sql) => {
        // A second one waits here and then sees what the first one wrote.
        const [row] = await sql.rows<Row>(LOCK, [tokenHash]);
        if (row === undefined) return null;
        const choice = decide(toShown(row));
        await apply(sql, row.id, choice.change);
        return choice;
      }),
    async prove({ sessionId, userId }, { authenticatedAtMs, isTwoFactor }) {
      const values = [sessionId, userId, authenticatedAtMs, isTwoFactor];
      const [row] = await database.rows<{ expires_at: number }>(PROVE, values);
      return row === undefined
        ? null
        : { sessionId, userId, expiresAtMs: row.expires_at, authenticatedAtMs, isTwoFactor };
    },
    async noteFactor({ sessionId, userId }, nowMs) {
      const values = [sessionId, userId, nowMs];
      const [row] = await database.rows<Pick<Row, 'expires_at' | 'authenticated_at'>>(NOTE_FACTOR, values);
      if (row === undefined) return null;
      const { expires_at: expiresAtMs, authenticated_at: authenticatedAtMs } = row;
      return { sessionId, userId, expiresAtMs, authenticatedAtMs, isTwoFactor: true };
    },
    async noteIssued(atMs) {
      await database.rows(NOTE_ISSUED, [atMs]);
    },
    async revoke(sessionId, reason, atMs) {
      await database.rows(REVOKE, [sessionId, reason, atMs]);
    },
    async revokeOwn({ sessionId, userId }, reason, atMs) {
      return (await database.rows(REVOKE_OWN, [sessionId, userId, reason, atMs])).length > 0;
    },
    revokeAll: (userId, reason, atMs, exceptSessionId) =>
      endSessions(database, userId, { reason, atMs, exceptSessionId }),
    async close(userId, atMs) {
      await database.rows(CLOSE, [userId, atMs]);
    },
    async live({ userId, nowMs, refreshedAfterMs, before, limit }) {
      const rows = await database.rows<LiveRow>(LIVE, [userId, nowMs, refreshedAfterMs, before, limit]);
      return rows.map(toLive);
    },
    async keptOf(userId, before, limit) {
      const rows = await database.rows<KeptRow>(KEPT_OF, [userId, before, limit]);
      return rows.map((row) => ({ ...toLive(row), endedAtMs: row.revoked_at, endedBecause: row.revoked_because }));
    },
    async hasOthersOf({ sessionId, userId, userAgent }) {
      const [row] = await database.rows<{ has: boolean }>(HAS_OTHERS, [userId, sessionId, userAgent]);
      return row?.has === true;
    },
    async revokedSince(sinceMs) {
      const rows = await database.rows<{ id: string }>(REVOKED_SINCE, [sinceMs]);
      return rows.map(({ id }) => id);
    },
    async forget({ expiredBeforeMs, refreshedBeforeMs, revokedBeforeMs }) {
      return (await database.rows(FORGET, [expiredBeforeMs, refreshedBeforeMs, revokedBeforeMs])).length;
    },
  };
}
