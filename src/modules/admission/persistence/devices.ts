import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Devices, DeviceView } from '../application/devices.ts';

export const devicesProjection: Projection = {
  name: 'admission.devices',
  schema: 'admission',
  tables: ['devices'],
  eventTypes: ['DeviceInvited', 'DeviceEnrolled', 'DeviceRevoked'],
  functionName: 'admission.project_devices',
};

const COLUMNS = `id as "deviceId", park_id as "parkId", name, public_key as "publicKey", status, store.to_ms(invited_at) as "invitedAtMs",
  store.to_ms(expires_at) as "expiresAtMs", store.to_ms(enrolled_at) as "enrolledAtMs", store.to_ms(revoked_at) as "revokedAtMs"`;

const BY_ID = statement('admission.device', `select ${COLUMNS} from admission.devices where id = $1`);
const BY_CODE = statement('admission.device-by-code', `select ${COLUMNS} from admission.devices where code_hash = $1`);
const BY_CREDENTIALS = statement(
  'admission.devices-by-credential',
  `select ${COLUMNS}, credential_hash as hash from admission.devices where credential_hash = any($1)`,
);
const LIST = statement(
  'admission.devices',
  `select ${COLUMNS} from admission.devices
   where ($1::text is null or park_id = $1) and ($2::uuid is null or id < $2) order by id desc limit $3`,
);

export function createDevices(database: Database): Devices {
  // Asked at every request of a device, so that a revocation acts at once; requests at the same time share the question.
  const byCredential = createBatcher<string, DeviceView | null>({
    maxItems: 512,
    maxQueued: 10_000,
    async run(hashes) {
      const rows = await database.rows<DeviceView & { readonly hash: string }>(BY_CREDENTIALS, [[...new Set(hashes)]]);
      const found = new Map(rows.map(({ hash, ...view }) => [hash, view]));
      return hashes.map((hash) => found.get(hash) ?? null);
    },
  });
  return {
    find: async (deviceId) => (await database.rows<DeviceView>(BY_ID, [deviceId]))[0] ?? null,
    byCodeHash: async (hash) => (await database.rows<DeviceView>(BY_CODE, [hash]))[0] ?? null,
    byCredentialHash: (hash) => byCredential.submit(hash),
    list: ({ parkId, after, limit }) => database.rows<DeviceView>(LIST, [parkId, after, limit]),
  };
}
