import type { HmacSha256 } from './ports.ts';

/** What marks a signing secret, after the Standard Webhooks specification; base64 of the key follows. */
const SECRET_MARK = 'whsec_';

/** The secret of a key given as base64url without padding. */
export function secretOf(keyBase64Url: string): string {
  const base64 = keyBase64Url.replaceAll('-', '+').replaceAll('_', '/');
  return `${SECRET_MARK}${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`;
}

/**
 * The headers of a message after the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, one signature
 * for each secret, so that a receiver who knows the old or the new one accepts it.
 */
export function signedHeaders(
  {
    messageId,
    body,
    secrets,
  }: { readonly messageId: string; readonly body: string; readonly secrets: readonly string[] },
  nowMs: number,
  hmac: HmacSha256,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${hmac(secret.slice(SECRET_MARK.length), `${messageId}.${timestamp}.${body}`)}`,
  );
  return {
    'content-type': 'application/json',
    'user-agent': 'SkyPark-Webhooks/1',
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** The body of a message as the specification has it. */
export const messageBody = (
  type: string,
  timestamp: string,
  data: Readonly<Record<string, string | number | null>>,
): string => JSON.stringify({ type, timestamp, data });
