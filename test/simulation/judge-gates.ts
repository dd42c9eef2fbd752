import { statement } from '../../src/infrastructure/postgres/session.ts';
import { amberOf, hourOf } from '../../src/modules/admission/domain/quota.ts';
import { reach, type HeldDevice, type Passage } from './diary.ts';
import type { Judged, Violation } from './judged.ts';
import { ALONE_PER_HOUR } from './node-settings.ts';

const TOLD = statement(
  'simulation.told-of-gates',
  `select distinct event_type as type, event_data->>'deviceId' as id from store.event
   where event_type in ('DeviceLogForked', 'DeviceQuotaExceeded', 'NodeRollbackTold', 'TicketMoveUndone')`,
);
const TICKETS_WITH_INCIDENTS = statement(
  'simulation.tickets-with-incidents',
  `select ticket_id as id, array_agg(distinct scan_id::text) as scans from admission.incidents cross join lateral unnest(scan_ids) as named(scan_id)
   group by ticket_id`,
);

/** Tickets of which headquarters knows an incident, each with the scans that its incidents name. */
export async function ticketsWithIncidents({
  headquarters,
}: Judged['world']): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  type Row = { readonly id: string; readonly scans: readonly string[] };
  const rows = await headquarters.app.database.rows<Row>(TICKETS_WITH_INCIDENTS, []);
  return new Map(rows.map(({ id, scans }) => [id, new Set(scans)]));
}

/** How many a device let in, by hour of its clock. */
function byHour(passages: readonly Passage<string>[]): ReadonlyMap<number, number> {
  const hours = new Map<number, number>();
  for (const { atMs, direction, people } of passages) {
    if (direction === 'in') hours.set(hourOf(atMs), (hours.get(hourOf(atMs)) ?? 0) + people);
  }
  return hours;
}

type Told = ReadonlySet<string>;

/** By a code that a node signed which was revoked: it is good nowhere any more. */
const isByRevokedCode = ({ tickets, revoked }: Judged['diary'], { ticketId }: Passage<string>): boolean =>
  tickets.some(({ ticketId: id, at }) => id === ticketId && revoked.has(at));

function faultsOf(device: HeldDevice<string>, diary: Judged['diary'], told: Told): readonly string[] {
  const { passages: all } = diary;
  const passages = all.filter((passage) => passage.device === device.step);
  const mostAlone = Math.max(0, ...byHour(passages).values());
  const mostTold = Math.max(0, ...byHour(passages.filter(({ isLost }) => !isLost)).values());
  const isGood = !device.isLost && device.theft === null && !device.isCopied;
  const unheard = isGood ? passages.filter((passage) => passage.isLost && !isByRevokedCode(diary, passage)) : [];
  return [
    ...unheard.map(({ people }) => `${people} people whom a device let in are known to no node`),
    ...(mostAlone > ALONE_PER_HOUR + amberOf(ALONE_PER_HOUR) ? [`a device alone let in ${mostAlone} in an hour`] : []),
    ...(isGood && mostTold > ALONE_PER_HOUR && !told.has(`DeviceQuotaExceeded ${device.deviceId}`)
      ? [`a device alone let in ${mostTold} in an hour, and nobody was told`]
      : []),
  ];
}

/** Rules 3 and 4 where a gate was alone: what a device let in is known, within its quota, and two logs of one device are a fork. */
export async function devicesHeard({ world: { headquarters }, diary }: Judged): Promise<readonly Violation[]> {
  const rows = await headquarters.app.database.rows<{ readonly type: string; readonly id: string | null }>(TOLD, []);
  for (const type of new Set(rows.map((row) => row.type))) reach(diary, `told: ${type}`);
  const told = new Set(rows.map(({ type, id }) => `${type} ${id}`));
  return diary.devices.flatMap((device) => {
    const isForkHidden = device.isForked && !device.isLost && !told.has(`DeviceLogForked ${device.deviceId}`);
    const isExcused = diary.putBack.has(device.at) || diary.revoked.has(device.parkId);
    const faults = faultsOf(device, diary, told);
    return [...faults, ...(isForkHidden && !isExcused ? ['two logs of a device are no fork'] : [])].map((what) => ({
      rule: 'rule 4',
      what,
    }));
  });
}

/** A ticket that was moved is good on one of its days: whoever came on both is an incident. */
export async function oneDayOfTwo({ world, diary }: Judged): Promise<readonly Violation[]> {
  const days = new Map<string, Set<string>>();
  for (const { ticketId, direction, date, isLost } of diary.passages) {
    if (direction === 'in' && !isLost) days.set(ticketId, (days.get(ticketId) ?? new Set()).add(date));
  }
  const both = [...days].filter(([, dates]) => dates.size > 1);
  if (both.length === 0) return [];
  const incidents = await ticketsWithIncidents(world);
  return both.flatMap(([ticketId, dates]) =>
    incidents.has(ticketId)
      ? []
      : [
          {
            rule: 'rule 4',
            what: `people came in by one ticket on ${[...dates].join(' and ')}, and no incident says so`,
          },
        ],
  );
}
