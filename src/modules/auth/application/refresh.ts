import { assert, unreachable } from '../../../kernel/assert.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { judgeRefresh } from '../domain/session.ts';
import type { IssueTokens, SessionOwner, Tokens } from './issue-tokens.ts';
import { hashOf, maskToken, newRefreshToken, unmaskToken, type Sha256 } from './refresh-token.ts';
import type { SessionChange, Sessions, ShownSession } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';
import type { TellOwner } from './tell-owner.ts';

export type Refresh = (refreshToken: string) => Promise<Result<Tokens, { readonly code: 'invalid_refresh_token' }>>;

type Dependencies = {
  readonly sessions: Sessions;
  readonly issueTokens: IssueTokens;
  readonly watch: SessionWatch;
  readonly tellOwner: TellOwner;
  readonly ids: Ids;
  readonly sha256: Sha256;
  readonly clock: Clock;
};

/** What to write, and the refresh token to answer; null when the answer is no. */
type Choice = { readonly change: SessionChange; readonly owner: SessionOwner; readonly token: string | null };

/** Trades a refresh token for a new pair, once. A token that was traded before ends the session it belongs to. */
export function createRefresh(dependencies: Dependencies): Refresh {
  const { sessions, issueTokens, watch, tellOwner, ids, sha256, clock } = dependencies;
  return async (shownToken) => {
    const nowMs = clock.now();
    const next = newRefreshToken(ids);

    const choose = ({ session, generation, maskedToken }: ShownSession): Choice => {
      const judgement = judgeRefresh(session, generation, nowMs);
      switch (judgement) {
        case 'rotate': {
          const masked = maskToken(sha256, next, shownToken);
          const change = { kind: 'rotate', atMs: nowMs, tokenHash: hashOf(sha256, next), maskedToken: masked } as const;
          return { change, owner: session, token: next };
        }
        case 'repeat':
          assert(maskedToken, 'a session that was refreshed keeps its newest token masked');
          return { change: { kind: 'keep' }, owner: session, token: unmaskToken(sha256, maskedToken, shownToken) };
        case 'theft':
          return { change: { kind: 'revoke', atMs: nowMs, reason: 'reuse' }, owner: session, token: null };
        case 'over':
          return { change: { kind: 'keep' }, owner: session, token: null };
        default:
          return unreachable(judgement, 'judgement of a refresh');
      }
    };

    const choice = await sessions.change(hashOf(sha256, shownToken), choose);
    if (choice?.change.kind === 'revoke') {
      watch.expire();
      await tellOwner(choice.owner.userId, 'session_stolen', `reuse:${choice.owner.sessionId}`);
    }
    if (choice === null || choice.token === null) return refuse({ code: 'invalid_refresh_token' });
    return ok(await issueTokens.renew(choice.owner, choice.token, nowMs));
  };
}
