import { trustedSom } from '../../../kernel/money.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Shifts, ShiftView } from '../application/ports.ts';

export const shiftsProjection: Projection = {
  name: 'payment.shifts',
  schema: 'payment',
  tables: ['shifts'],
  eventTypes: ['ShiftOpened', 'CashTaken', 'CashPaidOut', 'ShiftClosed'],
  functionName: 'payment.project_shifts',
};

const SELECT = `select id, park_id, cashier_id, float, taken, paid_out, counted, opened_at, closed_at from payment.shifts`;
const FIND = statement('payment.shift', `${SELECT} where id = $1`);

// One statement for each question, so that each is answered from its own index.
const BEFORE = `($2::uuid is null or (opened_at, id) < (select opened_at, id from payment.shifts where id = $2))`;
const PAGE = 'order by opened_at desc, id desc limit $3';
const OF_PARK = statement('payment.shifts-of-park', `${SELECT} where park_id = $1 and ${BEFORE} ${PAGE}`);
const OF_CASHIER = statement(
  'payment.shifts-of-cashier',
  `${SELECT} where park_id = $1 and cashier_id = $4 and ${BEFORE} ${PAGE}`,
);

type Row = {
  readonly id: string;
  readonly park_id: string;
  readonly cashier_id: string;
  readonly float: string;
  readonly taken: string;
  readonly paid_out: string;
  readonly counted: string | null;
  readonly opened_at: number;
  readonly closed_at: number | null;
};

const toView = (row: Row): ShiftView => ({
  shiftId: row.id,
  parkId: row.park_id,
  cashierId: row.cashier_id,
  floatTyiyn: trustedSom(row.float),
  takenTyiyn: trustedSom(row.taken),
  paidOutTyiyn: trustedSom(row.paid_out),
  countedTyiyn: row.counted === null ? null : trustedSom(row.counted),
  openedAtMs: row.opened_at,
  closedAtMs: row.closed_at,
});

export const createShifts = (database: Database): Shifts => ({
  async find(shiftId) {
    const [row] = await database.rows<Row>(FIND, [shiftId]);
    return row === undefined ? null : toView(row);
  },
  async list({ parkId, cashierId, before = null, limit }) {
    const page = [parkId, before, limit];
    const rows =
      cashierId === undefined
        ? database.rows<Row>(OF_PARK, page)
        : database.rows<Row>(OF_CASHIER, [...page, cashierId]);
    return (await rows).map(toView);
  },
});
