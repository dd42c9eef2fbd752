import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, money, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { ShiftView } from '../application/ports.ts';
import { parkSlug } from './payment-schema.ts';

export const Shift = Type.Object(
  {
    id: uuid(),
    park_id: parkSlug,
    cashier_id: uuid('The account of who takes the cash'),
    status: oneOf(['open', 'closed'] as const),
    float: money('Cash at the start'),
    taken: money('Cash of sales'),
    paid_out: money('Cash of refunds'),
    expected: money('What has to be in the till: float + taken − paid_out'),
    counted: nullable(money('What was in the till at the close')),
    difference: nullable(
      Type.String({ pattern: '^-?\\d{1,12}\\.\\d{2}$', description: 'counted − expected', example: '-1.00' }),
    ),
    opened_at: instant(),
    closed_at: nullable(instant()),
  },
  { $id: 'Shift' },
);

export const shiftExample = {
  id: '01936f32-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'dordoi',
  cashier_id: '01936f2d-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  status: 'open',
  float: '1000.00',
  taken: '700.00',
  paid_out: '350.00',
  expected: '1350.00',
  counted: null,
  difference: null,
  opened_at: '2026-12-05T03:30:00.000Z',
  closed_at: null,
} as const;

export function toShift(view: ShiftView) {
  const { floatTyiyn, takenTyiyn, paidOutTyiyn, countedTyiyn, closedAtMs } = view;
  const expectedTyiyn = floatTyiyn + takenTyiyn - paidOutTyiyn;
  return {
    id: view.shiftId,
    park_id: view.parkId,
    cashier_id: view.cashierId,
    status: closedAtMs === null ? ('open' as const) : ('closed' as const),
    float: formatSom(floatTyiyn),
    taken: formatSom(takenTyiyn),
    paid_out: formatSom(paidOutTyiyn),
    expected: formatSom(expectedTyiyn),
    counted: countedTyiyn === null ? null : formatSom(countedTyiyn),
    difference: countedTyiyn === null ? null : formatSom(countedTyiyn - expectedTyiyn),
    opened_at: toInstant(view.openedAtMs),
    closed_at: closedAtMs === null ? null : toInstant(closedAtMs),
  };
}
