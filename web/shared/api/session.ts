import { signal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { isFactorMissing } from '../identity/question.ts';
import { accountOf, dutiesOf, type Duty } from './duties.ts';

export type User = components['schemas']['User'];

/** The access token of the present minutes. It is in memory alone; what renews it is a cookie that no script can read. */
let accessToken: string | null = null;

/** Who is signed in; null for nobody, undefined until it is known. */
export const user = signal<User | null | undefined>(undefined);

/** Whether somebody is signed in; undefined until it is known. At the node of a park that may be somebody whose name it does not know. */
export const isSignedIn = signal<boolean | undefined>(undefined);

/** The account that is signed in; also where the node does not know its name. */
export const accountId = signal<string | null>(null);

/** The duties that the token tells of; for showing only, the node checks them itself. */
export const duties = signal<readonly Duty[]>([]);

export const currentToken = (): string | undefined => accessToken ?? undefined;

/** That there may be a session here: without it nobody asks, and a first visit has nothing to be refused. It is no secret. */
const MAY_BE = 'skypark.session';

export const mayBeSession = (): boolean => localStorage.getItem(MAY_BE) !== null;

const HEADERS = { 'content-type': 'application/json', 'x-session': 'cookie' } as const;

type Tokens = { readonly access_token: string };

/** Pages of this origin take turns, so that two tabs do not spend the same refresh token. */
const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> =>
  'locks' in navigator ? navigator.locks.request('skypark-session', work) : work();

/** Goes on with another access token of the session. */
export function take(token: string): void {
  accessToken = token;
  localStorage.setItem(MAY_BE, '1');
  accountId.value = accountOf(token);
  duties.value = dutiesOf(token);
  isSignedIn.value = true;
}

let renewing: Promise<boolean> | null = null;

async function askForToken(): Promise<boolean> {
  if (!mayBeSession()) {
    forget();
    return false;
  }
  const response = await fetch('/api/v1/auth/refresh', { method: 'POST', headers: HEADERS, body: '{}' });
  if (response.ok) {
    take(((await response.json()) as Tokens).access_token);
    return true;
  }
  // A node that is busy says nothing about the session.
  if (response.status < 500 && response.status !== 429) forget();
  return false;
}

/**
 * Gets a new access token by the cookie; requests that need one at the same moment share it.
 * @returns whether there is a session. Without a network it throws, and the session is as it was.
 */
export function renew(): Promise<boolean> {
  renewing ??= inTurn(askForToken).finally(() => (renewing = null));
  return renewing;
}

/** Takes what a sign-in answered. */
export function begin(tokens: Tokens, who: User): void {
  take(tokens.access_token);
  user.value = who;
}

/** Forgets who was signed in here; the node is told by `POST /auth/logout`. */
export function forget(): void {
  isFactorMissing.value = false;
  accessToken = null;
  localStorage.removeItem(MAY_BE);
  accountId.value = null;
  duties.value = [];
  user.value = null;
  isSignedIn.value = false;
}
