import { begin, mayBeSession, user, type User } from '../../shared/api/session.ts';
import { restoreSession } from '../../shared/api/sign-in.ts';
import { forgetKept, keepOwner, keptOwner } from '../kept/kept.ts';

export async function signIn(tokens: { readonly access_token: string }, who: User): Promise<void> {
  await keepOwner(who);
  begin(tokens, who);
}

/** Finds out who is signed in: at once by what is kept here, for a slow network or none, and then by the node. */
export async function restore(): Promise<void> {
  if (mayBeSession()) user.value = await keptOwner();
  await restoreSession();
  const found = user.peek();
  if (found === undefined) user.value = null;
  else if (found !== null) await keepOwner(found);
}

/** Shows the profile as it is after a change. */
export async function changed(who: User): Promise<void> {
  user.value = who;
  await keepOwner(who);
}

// However a session ends, what was kept for it goes. Who never had one keeps the visit that is being put together.
let before = user.peek();
user.subscribe((who) => {
  const isOver = who === null && before !== null && before !== undefined;
  before = who;
  if (!isOver) return;
  sessionStorage.clear();
  void forgetKept();
});
