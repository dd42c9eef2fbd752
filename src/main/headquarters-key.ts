import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { plainSchema } from '../infrastructure/http/json-schema.ts';
import { compileValidator } from '../infrastructure/http/validation.ts';
import { createNodeSigner } from '../infrastructure/keys/node-signer.ts';
import { ensureNextKey, installNextKey } from '../infrastructure/keys/next-key.ts';
import { replaceFile } from '../infrastructure/keys/replace-file.ts';
import type { Database } from '../infrastructure/postgres/database.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import type { Clock } from '../kernel/time.ts';
import type { HeadquartersTools } from '../sync/headquarters/ports.ts';
import { certifyNext, withCertificate, type Certificate } from '../sync/protocol/key-chain.ts';
import { KeyCertificate } from '../sync/protocol/keys.ts';
import type { Config } from './config.ts';
import { loadNodeKey, nodeKeyFile } from './secrets.ts';

const faultsOf = compileValidator(plainSchema(Type.Array(KeyCertificate)));

/** Beside the key, so that both are kept, copied and put back together, whatever becomes of the database. Nothing in it is secret. */
const certificatesFile = (config: Config): string => `${nodeKeyFile(config)}.certificates`;

async function readCertificates(config: Config): Promise<readonly Certificate[]> {
  const file = certificatesFile(config);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  const value: unknown = JSON.parse(text);
  if (faultsOf(value) !== null) throw new Error(`${file} does not hold certificates of keys`);
  return value as readonly Certificate[];
}

/**
 * What headquarters signs with. Every process of it reads the same file each time, so that all of them go over to another key at
 * the same moment.
 */
export const createHeadquartersKey = (config: Config): Pick<HeadquartersTools, 'signer' | 'certificates'> => ({
  async signer() {
    const key = await loadNodeKey(config);
    if (key === null) throw new Error('Headquarters has no NODE_KEY_FILE.');
    return createNodeSigner(key);
  },
  certificates: () => readCertificates(config),
});

const TRY_LOCK = statement(
  'nodes.lock-key-change',
  `select pg_try_advisory_lock(hashtext('skypark headquarters key')) as locked`,
);

type Changing = { readonly config: Config; readonly database: Database; readonly clock: Clock };

export type ChangedKey =
  | { readonly kind: 'changed'; readonly oldKeyId: string; readonly keyId: string }
  | { readonly kind: 'no_key' | 'busy' | 'used_before' };

async function changeNow({ config, clock }: Changing): Promise<ChangedKey> {
  const own = await loadNodeKey(config);
  if (own === null) return { kind: 'no_key' };
  const old = createNodeSigner(own);
  const next = createNodeSigner(await ensureNextKey(nodeKeyFile(config)));
  const certificates = await readCertificates(config);
  if (
    [old, ...certificates.map((one) => ({ publicKey: one.oldPublicKey }))].some(
      (one) => one.publicKey === next.publicKey,
    )
  )
    return { kind: 'used_before' };
  const certificate = await certifyNext({ nodeId: config.nodeId, certifiedAtMs: clock.now() }, old, next);
  const text = `${JSON.stringify(withCertificate(certificates, certificate), null, 2)}\n`;
  await replaceFile(certificatesFile(config), text, nodeKeyFile(config));
  // From here on all processes sign by it.
  await installNextKey(nodeKeyFile(config));
  return { kind: 'changed', oldKeyId: old.keyId, keyId: next.keyId };
}

/**
 * Puts another key in place of the one of headquarters, which signs for it. Killed between any two steps, headquarters speaks by
 * the key that its file holds, and parks know that one or can follow to it; the next call goes on with the same new key.
 */
export const changeHeadquartersKey = (changing: Changing): Promise<ChangedKey> =>
  changing.database.exclusive(async (connection) => {
    const [row] = await connection.rows<{ readonly locked: boolean }>(TRY_LOCK, []);
    return row?.locked === true ? changeNow(changing) : { kind: 'busy' };
  });
