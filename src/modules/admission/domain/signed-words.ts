import { fromBase64url, toBase64url } from './base64url.ts';

/** Words that this node has signed for its devices, well-formed; only the signature makes them true. */
export type SignedWords = {
  readonly words: Readonly<Record<string, unknown>>;
  readonly keyId: string;
  /** The bytes that the signature covers. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
};

const withTag = (purpose: string, body: Uint8Array): Uint8Array => {
  const tag = new TextEncoder().encode(`skypark/${purpose}/`);
  const whole = new Uint8Array(tag.length + body.length);
  whole.set(tag);
  whole.set(body, tag.length);
  return whole;
};

/**
 * `<words as JSON>.<key id>.<signature>`, the first and the last as base64url.
 * @param purpose goes into the signature, so that words of one purpose are nothing for another
 */
export function signWords(
  purpose: string,
  words: Readonly<Record<string, string | number>>,
  signer: { readonly keyId: string; sign(bytes: Uint8Array): Uint8Array },
): string {
  const body = new TextEncoder().encode(JSON.stringify(words));
  return `${toBase64url(body)}.${signer.keyId}.${toBase64url(signer.sign(withTag(purpose, body)))}`;
}

const FORM = /^([\w-]+)\.([0-9a-f]{8})\.([\w-]{86})$/;

/** Null for what was not written by `signWords`. Believes no signature. */
export function parseSignedWords(purpose: string, text: string): SignedWords | null {
  const [, bodyText = '', keyId = '', signatureText = ''] = FORM.exec(text) ?? [];
  const [body, signature] = [fromBase64url(bodyText), fromBase64url(signatureText)];
  if (body === null || signature === null || keyId === '') return null;
  const words = objectIn(body);
  return words === null ? null : { words, keyId, signed: withTag(purpose, body), signature };
}

function objectIn(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
