import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { begin, renew, user, type User } from '../../shared/api/session.ts';
import { forgetKept, keepOwner, keptOwner } from '../kept/kept.ts';

/** That somebody signed in here, no more: who never did is not asked for at each visit. */
const MARK = 'skypark.signed-in';

/** Sessions travel in a cookie; requests about them say so. */
export const BY_COOKIE = { header: { 'x-session': 'cookie' } } as const;

export async function signIn(tokens: { readonly access_token: string }, who: User): Promise<void> {
  localStorage.setItem(MARK, 'yes');
  await keepOwner(who);
  begin(tokens, who);
}

async function askWho(): Promise<User | null> {
  if (!(await renew())) return null;
  const me = await outcomeOf(api.GET('/api/v1/users/me'));
  return me.ok ? me.value : null;
}

/** Finds out who is signed in: at once by what is kept here, for a slow network or none, and then by the node. */
export async function restore(): Promise<void> {
  if (localStorage.getItem(MARK) === null) {
    user.value = null;
    return;
  }
  user.value = await keptOwner();
  const found = await askWho().catch(() => null);
  if (found !== null) await changed(found);
  else if (user.value === undefined) user.value = null;
}

/** Shows the profile as it is after a change. */
export async function changed(who: User): Promise<void> {
  user.value = who;
  await keepOwner(who);
}

// However a session ends, what was kept for it goes.
user.subscribe((who) => {
  if (who !== null || localStorage.getItem(MARK) === null) return;
  localStorage.removeItem(MARK);
  sessionStorage.clear();
  void forgetKept();
});
