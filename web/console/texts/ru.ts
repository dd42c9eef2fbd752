import { passes } from './ru/passes.ts';
import { webhooks } from './ru/webhooks.ts';
import { receipts } from './ru/receipts.ts';
import { shifts } from './ru/shifts.ts';
import { pictures } from './ru/pictures.ts';
import { holidays } from './ru/holidays.ts';
import { admin } from './ru/admin.ts';
import { calendar } from './ru/calendar.ts';
import { frame } from './ru/frame.ts';
import { incidents } from './ru/incidents.ts';
import { machines } from './ru/nodes.ts';
import { parks } from './ru/parks.ts';
import { payments } from './ru/payments.ts';
import { reconciliation } from './ru/reconciliation.ts';
import { reports } from './ru/reports.ts';
import { tickets } from './ru/tickets.ts';
import { today } from './ru/today.ts';

export const texts = {
  ...frame,
  ...admin,
  ...machines,
  today,
  calendar,
  reconciliation,
  reports,
  parks,
  incidents,
  tickets,
  payments,
  holidays,
  pictures,
  shifts,
  receipts,
  webhooks,
  passes,
};
