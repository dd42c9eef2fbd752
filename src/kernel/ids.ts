/** Source of identifiers, a port so that a simulation can replay them. */
export type Ids = {
  /** A new UUID v7: unique, and rising with time, which keeps index pages hot. */
  next(): string;
  /** UUID v5 (RFC 9562): the same name gives the same id on every node, for ever. */
  derive(name: string): string;
  /** `bytes` random bytes from a cryptographic source, as base64url. */
  secret(bytes: number): string;
};

/**
 * The id that was derived from a name which its writer alone can know, such as that of a command, as UUID of version 8: whoever
 * sees it can tell that nobody could have made it before.
 * @param derived of version 5
 */
export const secretName = (derived: string): string => `${derived.slice(0, 14)}8${derived.slice(15)}`;

/** Whether an id was drawn, or derived from a name that its writer alone can know. */
export const isUnguessable = (id: string): boolean => id[14] === '7' || id[14] === '8';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID in the lower-case form that the store uses. */
export const isUuid = (text: string): boolean => UUID.test(text);
