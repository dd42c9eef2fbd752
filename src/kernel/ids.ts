/** Source of identifiers, a port so that a simulation can replay them. */
export type Ids = {
  /** A new UUID v7: unique, and rising with time, which keeps index pages hot. */
  next(): string;
  /** UUID v5 (RFC 9562): the same name gives the same id on every node, for ever. */
  derive(name: string): string;
  /** `bytes` random bytes from a cryptographic source, as base64url. */
  secret(bytes: number): string;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID in the lower-case form that the store uses. */
export const isUuid = (text: string): boolean => UUID.test(text);
