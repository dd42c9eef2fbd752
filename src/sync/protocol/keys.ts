import { Type } from 'typebox';
import { MOST_CERTIFICATES } from './limits.ts';
import { count, id, keyId, name, nonce, publicKey, signature } from './messages.ts';

/** A node wants another key beside the one in force: the new one proves itself, and the one in force signs all of it. */
export const RotateRequest = Type.Object({
  nodeId: name(),
  challenge: nonce(),
  nonce: nonce(),
  oldKeyId: keyId(),
  keyId: keyId(),
  publicKey: publicKey(),
  /** By the new key, over the name of the node, the nonce, the old key’s id and the new key. */
  proof: signature(),
  signature: signature(),
});

export const RotateAnswer = Type.Object({
  nonce: nonce(),
  /** What headquarters says about the node from now on, for whoever asks the node who it is. */
  nodeId: name(),
  parkId: name(),
  keyId: keyId(),
  publicKey: publicKey(),
  oldKeyId: keyId(),
  certifiedAtMs: count(),
  signature: signature(),
});

const until = () => Type.Object({ incarnation: id(), seq: count() });

/** The newest key of a node says, and signs, up to where the one before is good. */
export const RetireRequest = Type.Object({
  nodeId: name(),
  challenge: nonce(),
  nonce: nonce(),
  keyId: keyId(),
  oldKeyId: keyId(),
  until: until(),
  signature: signature(),
});

/** The word of one key of headquarters that another one stands in its place, and all that is said about it. */
export const KeyCertificate = Type.Object({
  nodeId: name(),
  oldPublicKey: publicKey(),
  publicKey: publicKey(),
  certifiedAtMs: count(),
  /** By the old key. */
  signature: signature(),
});

/** A park asks by which keys that one was followed by which it knows headquarters. */
export const HeadquartersKeyRequest = Type.Object({ nonce: nonce(), publicKey: publicKey() });

export const HeadquartersKeyAnswer = Type.Object({
  nonce: nonce(),
  /** From the key that was asked about to the one that signs this answer; none where they are the same. */
  chain: Type.Array(KeyCertificate, { maxItems: MOST_CERTIFICATES }),
  signature: signature(),
});

export const RetireAnswer = Type.Object({ nonce: nonce(), oldKeyId: keyId(), signature: signature() });
