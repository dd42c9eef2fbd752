import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export type LinkSigner = {
  /** A text for an address that names `text` until a moment; what it names can be read in it, but not changed. */
  sign(text: string, expiresAtMs: number): string;
  /** What it names; null when it is over, was edited, or was never made by us. */
  open(link: string, nowMs: number): string | null;
};

/** HMAC-SHA256 under a key of its own, derived from the master key: every process of the node makes and knows the same links. */
export function createLinkSigner(masterKey: Buffer): LinkSigner {
  const key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'skypark/link/1', 32));
  const tagOf = (body: string): Buffer => createHmac('sha256', key).update(body).digest();
  return {
    sign(text, expiresAtMs) {
      const body = Buffer.from(`${expiresAtMs}:${text}`).toString('base64url');
      return `${body}.${tagOf(body).toString('base64url')}`;
    },
    open(link, nowMs) {
      const [body = '', tag = '', ...rest] = link.split('.');
      // Compared as texts: base64 has bits to spare at its end, and one spelling is enough.
      const due = Buffer.from(tagOf(body).toString('base64url'));
      const given = Buffer.from(tag);
      if (rest.length > 0 || due.length !== given.length || !timingSafeEqual(due, given)) return null;
      const [expiresAt = '', ...text] = Buffer.from(body, 'base64url').toString().split(':');
      return nowMs < Number(expiresAt) ? text.join(':') : null;
    },
  };
}
