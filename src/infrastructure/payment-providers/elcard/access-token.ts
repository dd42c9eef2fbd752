import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../../kernel/time.ts';

export type AccessToken = {
  /** A token that is still good for a while; callers that come together share one call for it. Rejects as `fetch` does. */
  current(): Promise<string | null>;
  /** Forgets a token that the provider refused, unless a newer one is here already. */
  refused(token: string): void;
};

/** A token is renewed this long before its end. */
const EARLY_MS = 30_000;

const Granted = Compile(
  Type.Object({
    access_token: Type.String({ minLength: 1, maxLength: 4096 }),
    expires_in: Type.Integer({ minimum: 1 }),
  }),
);

/** @param ask what the provider's token endpoint answers, read as JSON */
export function createAccessToken(ask: () => Promise<unknown>, clock: Clock): AccessToken {
  let held: { readonly token: string; readonly renewAtMs: number } | null = null;
  let asking: Promise<string | null> | null = null;

  async function renew(): Promise<string | null> {
    const askedAtMs = clock.now();
    const granted = await ask();
    if (!Granted.Check(granted)) return null;
    held = { token: granted.access_token, renewAtMs: askedAtMs + granted.expires_in * 1000 - EARLY_MS };
    return held.token;
  }

  return {
    async current() {
      if (held !== null && clock.now() < held.renewAtMs) return held.token;
      asking ??= renew().finally(() => (asking = null));
      return asking;
    },
    refused(token) {
      if (held?.token === token) held = null;
    },
  };
}
