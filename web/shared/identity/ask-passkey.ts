import type { components } from '../../../clients/typescript/schema.d.ts';
import { outcomeOf, type Outcome } from '../api/outcome.ts';
import type * as passkeys from './passkeys.ts';
import { words } from './words.ts';

type Script = typeof passkeys;

/** Whether this browser can make passkeys and use them. */
export const hasPasskeys = (): boolean => 'PublicKeyCredential' in window;

/** What the node asked for, done by the script of passkeys, which is loaded only now; a refusal where it was not done. */
export async function withPasskey<Asked, Done>(
  request: Promise<Outcome<Asked>>,
  work: (script: Script, asked: Asked) => Promise<Done>,
): Promise<Outcome<Done>> {
  const asked = await request;
  if (!asked.ok) return asked;
  try {
    return { ok: true, value: await work(await import('./passkeys.ts'), asked.value) };
  } catch {
    // The owner closed the window, no authenticator knows the passkey, the browser has none: it says no more than that.
    const title = words().passkeyFailed;
    const problem = { code: 'passkey_failed', title, detail: title, fields: [], status: 0, retryAfterSeconds: null };
    return { ok: false, problem };
  }
}

type Answer = Parameters<typeof outcomeOf<components['schemas']['PasskeyAsked']>>[0];

/** Has a passkey sign what the node asks for. */
export const signedByPasskey = (request: Answer): Promise<Outcome<passkeys.PasskeyProof>> =>
  withPasskey(outcomeOf(request), (script, asked) => script.sign(asked));
