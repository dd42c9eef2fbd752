import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { DeviceFork, DeviceLogFigures, ShownDeviceLogs } from '../application/device-log-views.ts';
import type { DeviceLogs } from '../application/known-log.ts';
import { LOG_START } from '../domain/device-log.ts';
import type { LogPlace } from '../domain/merged-log.ts';

export const deviceLogsProjection: Projection = {
  name: 'admission.device_logs',
  schema: 'admission',
  tables: ['device_entries', 'device_forks'],
  eventTypes: ['DeviceLogMerged', 'DeviceLogForked'],
  functionName: 'admission.project_device_logs',
};

const HEAD = statement(
  'admission.device-log-head',
  'select seq, link from admission.device_entries where device_id = $1 order by seq desc limit 1',
);
const ENTRIES = statement(
  'admission.device-log-entries',
  `select seq, link, over_quota as "overQuota" from admission.device_entries
   where device_id = $1 and seq between $2 and $3 order by seq`,
);
const ADMITTED = statement(
  'admission.device-admitted',
  `select hour, sum(admitted)::integer as people from admission.device_entries
   where device_id = $1 and hour = any($2) group by hour`,
);
const FIGURES = statement(
  'admission.device-log-figures',
  `select device as "deviceId",
     (select coalesce(max(seq), 0) from admission.device_entries where device_id = device) as seq,
     (select count(*)::integer from admission.device_entries where device_id = device and over_quota) as "overQuota",
     (select count(*)::integer from admission.device_forks where device_id = device) as forks
   from unnest($1::uuid[]) as asked(device)`,
);
const FORKS = statement(
  'admission.device-forks',
  `select position, seq, entries, store.to_ms(noticed_at) as "noticedAtMs" from admission.device_forks
   where device_id = $1 and ($2::bigint is null or position < $2) order by position desc limit $3`,
);

export const createDeviceLogs = (database: Database): DeviceLogs & ShownDeviceLogs => ({
  head: async (deviceId) => (await database.rows<LogPlace>(HEAD, [deviceId]))[0] ?? { seq: 0, link: LOG_START },
  entries: (deviceId, first, last) =>
    database.rows<LogPlace & { readonly overQuota: boolean }>(ENTRIES, [deviceId, first, last]),
  async admittedIn(deviceId, hours) {
    const rows = await database.rows<{ readonly hour: number; readonly people: number }>(ADMITTED, [deviceId, hours]);
    return new Map(rows.map(({ hour, people }) => [hour, people]));
  },
  async figuresOf(deviceIds) {
    const rows = await database.rows<DeviceLogFigures & { readonly deviceId: string }>(FIGURES, [deviceIds]);
    return new Map(rows.map(({ deviceId, ...figures }) => [deviceId, figures]));
  },
  forks: (deviceId, { after, limit }) => database.rows<DeviceFork>(FORKS, [deviceId, after, limit]),
});
