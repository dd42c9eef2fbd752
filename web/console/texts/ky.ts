import { passes } from './ky/passes.ts';
import { webhooks } from './ky/webhooks.ts';
import { receipts } from './ky/receipts.ts';
import { shifts } from './ky/shifts.ts';
import { pictures } from './ky/pictures.ts';
import { holidays } from './ky/holidays.ts';
import type { AppTexts } from './app-texts.ts';
import { admin } from './ky/admin.ts';
import { calendar } from './ky/calendar.ts';
import { frame } from './ky/frame.ts';
import { incidents } from './ky/incidents.ts';
import { machines } from './ky/nodes.ts';
import { parks } from './ky/parks.ts';
import { payments } from './ky/payments.ts';
import { reconciliation } from './ky/reconciliation.ts';
import { reports } from './ky/reports.ts';
import { tickets } from './ky/tickets.ts';
import { today } from './ky/today.ts';

export const texts: AppTexts = {
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
