import { createHash } from 'node:crypto';
import { V7Generator } from 'uuidv7';
import type { Ids } from '../kernel/ids.ts';
import { randomPiece } from './random-pool.ts';

/** The namespace of every derived id. To change it would change ids that are stored on all nodes. */
const NAMESPACE = '0fc28ace-c2f7-46e2-b395-5b4e040f31e5';

/** UUID of version 5 by RFC 9562, section 5.5: SHA-1 over the namespace's 16 bytes and the name in UTF-8. */
export function uuidV5(namespace: string, name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const generator = new V7Generator({ nextUint32: () => randomPiece(4).readUInt32LE() });

/** Identifiers from the system's random source and clock. */
export const systemIds: Ids = {
  next: () => generator.generate().toString(),
  derive: (name) => uuidV5(NAMESPACE, name),
  secret: (bytes) => randomPiece(bytes).toString('base64url'),
};
