import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { assert } from '../../../kernel/assert.ts';
import { bodyReadings } from './canonical-json.ts';

/** The parts of a request that a signature covers. */
export type SignedParts = {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case; only `x-api-*` count. */
  readonly headers: Readonly<Record<string, string>>;
  /** Compact JSON with sorted keys, or '' when there is no body. */
  readonly body: string;
};

/**
 * The text that is signed in wire profile finik-v1: method, decoded path, host and `x-api-*` headers, the query (its line
 * left out when empty) and the body, joined by line feeds. After the public documentation of Finik's acquiring service
 * and its published signer.
 */
export function canonicalRequest({ method, url, headers, body }: SignedParts): string {
  const signedHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-api-'))
    .sort()
    .map((name) => `${name}:${headers[name]}`);
  const query = [...url.searchParams]
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, value]) => `${quote(name)}=${quote(value)}`)
    .join('&');
  const lines = [
    method.toLowerCase(),
    decodeURIComponent(url.pathname),
    [`host:${url.host}`, ...signedHeaders].join('&'),
  ];
  return [...lines, ...(query === '' ? [] : [query]), body].join('\n');
}

/** Percent-encoding that leaves letters, digits and `_.-~/` alone, as the published signer has it. */
const quote = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** @throws when the PEM is unreadable or no RSA key. */
export const readPrivateKey = (pem: string): KeyObject => rsa(createPrivateKey(pem));
/** @throws when the PEM is unreadable or no RSA key. */
export const readPublicKey = (pem: string): KeyObject => rsa(createPublicKey(pem));

function rsa(key: KeyObject): KeyObject {
  assert(key.asymmetricKeyType === 'rsa', `an RSA key is needed, not ${key.asymmetricKeyType}`);
  return key;
}

const signInBackground = promisify<string, Buffer, KeyObject, Buffer>(sign);

/** RSA PKCS #1 v1.5 with SHA-256, base64. Runs on a thread of the pool: a signature costs about a millisecond. */
export async function signRequest(parts: SignedParts, privateKey: KeyObject): Promise<string> {
  return (await signInBackground('sha256', Buffer.from(canonicalRequest(parts)), privateKey)).toString('base64');
}

export type ReceivedRequest = {
  readonly method: string;
  /** The address as the sender wrote it; its host must be the signed one. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: Uint8Array;
};

/**
 * Checks the signature, then the age of a request. Any of the keys will do. Whatever is wrong with a signature, a header or
 * the bytes, the answer is the same `bad_signature`, and every reading of the body is tried with every key, fit or not.
 */
export function verifyRequest(
  received: ReceivedRequest,
  publicKeys: readonly KeyObject[],
  time: { readonly nowMs: number; readonly clockSkewMs: number },
): 'valid' | 'bad_signature' | 'stale_timestamp' {
  const headers = singleHeaders(received.headers);
  const signature = Buffer.from(headers['signature'] ?? '', 'base64');
  let fits = false;
  for (const body of bodyReadings(received.rawBody)) {
    const text = Buffer.from(canonicalRequest({ method: received.method, url: received.url, headers, body }));
    for (const key of publicKeys) fits = verify('sha256', text, key, signature) || fits;
  }
  if (!fits) return 'bad_signature';
  const timestamp = headers['x-api-timestamp'] ?? '';
  const recent = /^\d{1,15}$/.test(timestamp) && Math.abs(time.nowMs - Number(timestamp)) <= time.clockSkewMs;
  return recent ? 'valid' : 'stale_timestamp';
}

function singleHeaders(headers: ReceivedRequest['headers']): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') single[name] = value;
  return single;
}
