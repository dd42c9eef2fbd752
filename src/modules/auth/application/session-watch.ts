import type { Clock } from '../../../kernel/time.ts';
import type { RoleAtPark } from '../contract.ts';
import { ACCESS_TOKEN_MS, type AccessClaims } from './access-tokens.ts';
import type { Roles } from './roles.ts';
import type { Sessions } from './sessions.ts';

/** What changed about sessions and roles while tokens that do not say so are still alive. */
export type SessionWatch = {
  /** The roles that the owner of a token has now; null when its session was revoked. Throws when that cannot be known. */
  rolesNow(claims: AccessClaims): Promise<readonly RoleAtPark[] | null>;
  /** Makes the next question ask the tables: something changed here just now. */
  expire(): void;
};

type News = {
  readonly askedAtMs: number;
  readonly revoked: ReadonlySet<string>;
  readonly roles: ReadonlyMap<string, readonly RoleAtPark[]>;
};

/** From this age the news is asked for again, while answers still come from the old one. */
const FRESH_MS = 1_000;
/** No answer comes from older news than this. It keeps the promise that revocation acts within 5 s. */
const TRUSTED_MS = 3_000;
/** News must reach back as far as any living token, and clocks of processes may differ by some time. */
export const LOOK_BACK_MS = ACCESS_TOKEN_MS + 120_000;

type Dependencies = { readonly sessions: Sessions; readonly roles: Roles; readonly clock: Clock };

/**
 * Spares every request a question to the database: one question a second tells of all sessions and roles that changed within
 * the life of a token, and there are few.
 */
export function createSessionWatch({ sessions, roles, clock }: Dependencies): SessionWatch {
  let news: News | null = null;
  let asking: Promise<News> | null = null;

  async function ask(): Promise<News> {
    const askedAtMs = clock.now();
    const sinceMs = askedAtMs - LOOK_BACK_MS;
    const [revoked, changed] = await Promise.all([sessions.revokedSince(sinceMs), roles.changedSince(sinceMs)]);
    return { askedAtMs, revoked: new Set(revoked), roles: changed };
  }

  /** One question at a time; one that began before `expire` is not kept. */
  function refresh(): Promise<News> {
    if (asking !== null) return asking;
    const question: Promise<News> = ask()
      .then((answer) => {
        if (asking === question) news = answer;
        return answer;
      })
      .finally(() => {
        if (asking === question) asking = null;
      });
    asking = question;
    return question;
  }

  async function latest(): Promise<News> {
    const ageMs = news === null ? Infinity : clock.now() - news.askedAtMs;
    // A clock that was set back makes no news young.
    if (news === null || ageMs > TRUSTED_MS || ageMs < 0) return refresh();
    // A failure is heard when the old news is no longer trusted.
    if (ageMs > FRESH_MS) refresh().catch(() => undefined);
    return news;
  }

  return {
    async rolesNow(claims) {
      const { revoked, roles: changed } = await latest();
      return revoked.has(claims.sessionId) ? null : (changed.get(claims.userId) ?? claims.roles);
    },
    expire() {
      news = null;
      asking = null;
    },
  };
}
