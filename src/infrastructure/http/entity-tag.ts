/** The `ETag` of a version: `"3"`. Versions are whole numbers from 1. */
export const entityTag = (version: number): string => `"${version}"`;

const TAG = /^"([1-9]\d{0,14})"$/;

/** The version that an `If-Match` header names; null for lists, weak tags, `*` and anything else that is not one tag of ours. */
export function versionOf(header: string): number | null {
  const match = TAG.exec(header.trim());
  return match === null ? null : Number(match[1]);
}
