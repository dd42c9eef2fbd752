import { signal } from '@preact/signals';
import { api } from './client.ts';
import { signedInBy } from '../identity/question.ts';
import { outcomeOf, type Problem } from './outcome.ts';
import { begin, forget, isSignedIn, renew, user } from './session.ts';

/** Sessions travel in a cookie; requests about them say so. */
export const BY_COOKIE = { header: { 'x-session': 'cookie' } } as const;

const BUSY: Problem = { code: 'internal', title: '', detail: '', fields: [], status: 503, retryAfterSeconds: null };

/** Whether the node that served this page is a park's; its guests and their profiles are known to headquarters alone. */
export const isParkNode = signal(false);

/** Learns whose session it is, or that the node cannot tell by name because it is a park's. */
async function learnWhere(): Promise<Problem | null> {
  const me = await outcomeOf(api.GET('/api/v1/users/me'));
  isParkNode.value = !me.ok && me.problem.code === 'hq_only';
  if (me.ok) user.value = me.value;
  return me.ok || isParkNode.value ? null : me.problem;
}

/** @returns why it did not work; null when it did. */
export async function signIn(phone: string, password: string): Promise<Problem | null> {
  const answer = await outcomeOf(api.POST('/api/v1/auth/login', { params: BY_COOKIE, body: { phone, password } }));
  if (!answer.ok) return answer.problem;
  const signedIn = await signedInBy(answer.value);
  if (signedIn === null) return null;
  begin(signedIn, signedIn.user);
  return learnWhere();
}

/** Ends this session, here and at the node. Without a network it ends here alone, and the node ends it when its time is over. */
export async function signOut(): Promise<void> {
  await outcomeOf(api.POST('/api/v1/auth/logout', { params: BY_COOKIE }));
  forget();
}

/**
 * Goes on with the session of the cookie, if there is one.
 * @returns why it is not known; null when it is
 */
export async function restoreSession(): Promise<Problem | null> {
  const renewed = await outcomeOf(renew().then((data) => ({ data, response: new Response() })));
  if (!renewed.ok) return renewed.problem;
  if (!renewed.value) return isSignedIn.value === false ? null : BUSY;
  return learnWhere();
}
