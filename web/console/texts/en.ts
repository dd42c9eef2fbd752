import { passes } from './en/passes.ts';
import { webhooks } from './en/webhooks.ts';
import { receipts } from './en/receipts.ts';
import { shifts } from './en/shifts.ts';
import { pictures } from './en/pictures.ts';
import { holidays } from './en/holidays.ts';
import type { AppTexts } from './app-texts.ts';
import { admin } from './en/admin.ts';
import { calendar } from './en/calendar.ts';
import { frame } from './en/frame.ts';
import { incidents } from './en/incidents.ts';
import { machines } from './en/nodes.ts';
import { parks } from './en/parks.ts';
import { payments } from './en/payments.ts';
import { reconciliation } from './en/reconciliation.ts';
import { reports } from './en/reports.ts';
import { tickets } from './en/tickets.ts';
import { today } from './en/today.ts';

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
