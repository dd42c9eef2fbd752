import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';

/** A key that admission codes are signed with, made known to every node. */
export type AdmissionKeyPublished = {
  readonly type: 'AdmissionKeyPublished';
  readonly data: {
    readonly keyId: string;
    /** The 32 bytes of the Ed25519 public key, as base64url. */
    readonly x: string;
    readonly nodeId: string;
    /** The only park for which its codes are good; null: for all. */
    readonly parkId: string | null;
  };
};

export type AdmissionKeysCommand = {
  readonly kind: 'publish';
  readonly keys: readonly AdmissionKeyPublished['data'][];
};

/** Of more keys of one node nobody is told: each is looked through wherever codes are checked, at every park. */
export const MOST_ADMISSION_KEYS = 200;

/** The keys with which one node signs, or has signed, admission codes. */
export const admissionKeys: Decider<AdmissionKeysCommand, readonly string[], AdmissionKeyPublished, never> = {
  aggregateType: 'AdmissionKeys',
  initial: [],
  decide: ({ keys }, known) =>
    ok(
      keys
        .filter(({ keyId }) => !known.includes(keyId))
        .slice(0, Math.max(0, MOST_ADMISSION_KEYS - known.length))
        .map((data) => ({ type: 'AdmissionKeyPublished', data }) as const),
    ),
  evolve: (known, { data }) => [...known, data.keyId],
};
